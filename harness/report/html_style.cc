// SPDX-License-Identifier: Apache-2.0
#include "harness/report/html_style.h"

namespace entente::harness {

std::string_view VerdictClass(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kPassWithDeviation:
      return "deviation";
    case Verdict::kUnsupported:
    case Verdict::kNotRun:
    case Verdict::kInconclusive:
      return "none";
    case Verdict::kFail:
      return "fail";
    case Verdict::kHarnessError:
    case Verdict::kLeak:
      return "error";
  }
  return "error";
}

std::string_view VerdictSign(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "✓";
    case Verdict::kPassWithDeviation:
      return "≈";
    case Verdict::kUnsupported:
      return "∅";
    case Verdict::kNotRun:
      return "–";
    case Verdict::kInconclusive:
      return "?";
    case Verdict::kFail:
      return "✗";
    case Verdict::kHarnessError:
      return "!";
    case Verdict::kLeak:
      return "⚠";
  }
  return "!";
}

std::string_view HtmlStyle() {
  return R"css(
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#16202c;--soft:#5b6775;--line:#dfe4ea;--head:#eef1f5;
--pass:#1a7f4b;--pass-bg:#e5f4ec;--deviation:#0b6e8f;--deviation-bg:#e2f1f6;--none:#8a6100;--none-bg:#fbf1d9;
--fail:#b3261e;--fail-bg:#fbe7e5;--error:#8e24aa;--error-bg:#f5e6f8;--mark:#3b5bdb;--idle:#c4ccd6}
@media(prefers-color-scheme:dark){:root{--page:#0f141a;--card:#171e27;--ink:#e4e9ef;--soft:#97a3b1;--line:#2a3441;--head:#1e2732;
--pass:#5fce94;--pass-bg:#14301f;--deviation:#63c4e3;--deviation-bg:#102c37;--none:#e4b84d;--none-bg:#33290f;
--fail:#ff8f86;--fail-bg:#3a1a18;--error:#dd95ee;--error-bg:#331b3a;--mark:#8da4ff;--idle:#3d4957}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
main{max-width:68rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.65rem;line-height:1.2;margin:0}
h2{font-size:1.15rem;margin:2.4rem 0 .3rem}
p{margin:.3rem 0}
.soft{color:var(--soft)}.small{font-size:.85rem}
.kicker{color:var(--soft);font-size:.8rem;letter-spacing:.06em;text-transform:uppercase;margin:0 0 .15rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem 1.1rem;margin-top:.7rem}
.banner{border-left:8px solid var(--v);background:var(--v-bg);border-radius:10px;padding:1rem 1.2rem;margin:1.1rem 0 .9rem}
.banner strong{font-size:1.5rem;line-height:1.2;color:var(--v)}
.banner ul{margin:.5rem 0 0;padding-left:1.2rem}
.pass{--v:var(--pass);--v-bg:var(--pass-bg)}.deviation{--v:var(--deviation);--v-bg:var(--deviation-bg)}
.none{--v:var(--none);--v-bg:var(--none-bg)}.held{--v:var(--mark);--v-bg:var(--head)}.fail{--v:var(--fail);--v-bg:var(--fail-bg)}.error{--v:var(--error);--v-bg:var(--error-bg)}
.tag{display:inline-block;white-space:nowrap;color:var(--v);background:var(--v-bg);border-radius:999px;padding:.05rem .6rem;
font-size:.85rem;font-weight:600}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.6rem}
.tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.6rem .8rem}
.tile b{display:block;font-size:1.3rem;line-height:1.3}.tile span{color:var(--soft);font-size:.82rem}
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.42rem .6rem;border-bottom:1px solid var(--line);overflow-wrap:break-word}
thead th{background:var(--head);font-size:.8rem;font-weight:600;color:var(--soft);white-space:nowrap}
tbody tr:last-child>*{border-bottom:0}
.n{text-align:right;white-space:nowrap}
.frame{background:var(--card);border:1px solid var(--line);border-radius:10px;overflow:hidden;margin-top:.7rem}
.matrix{width:auto;min-width:100%;border-collapse:separate;border-spacing:5px}
.matrix th,.matrix td{border:0}.matrix thead th{background:none;text-align:center;font-size:.9rem;color:var(--ink)}
.matrix tbody th{width:1%;vertical-align:middle;font-size:.9rem;white-space:nowrap}
.matrix td{min-width:8.2rem;border-radius:8px;background:var(--v-bg,var(--head));padding:.55rem .7rem}
.matrix td b{font-size:1.15rem}.matrix td .tag{background:none;padding:0}
.matrix td p{font-size:.8rem;color:var(--soft);margin:0}
.bar{display:flex;height:6px;border-radius:3px;overflow:hidden;background:var(--idle);margin:.3rem 0 .2rem}
.bar i{display:block;height:100%}
.reasons{margin:0;padding:0;list-style:none}.reasons li+li{margin-top:.15rem;color:var(--soft)}
code{font:.85em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.chip{display:inline-block;border-radius:6px;padding:.05rem .45rem;margin:.12rem .15rem .12rem 0;font-size:.82rem;background:var(--v-bg,var(--head));
color:var(--v,var(--soft))}
svg{display:block;width:100%;height:auto}svg text{fill:var(--soft);font:12px system-ui,sans-serif}
.wide svg{min-width:44rem}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.82rem;color:var(--soft);margin:.4rem 0 0}
.legend i{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.35em;background:var(--v)}
details summary{cursor:pointer;color:var(--soft);padding:.5rem 0}td details summary{padding:0;white-space:nowrap}
footer{margin-top:3rem;color:var(--soft);font-size:.82rem;border-top:1px solid var(--line);padding-top:.8rem}
@media(max-width:40rem){main{padding:1rem .7rem 3rem}h1{font-size:1.35rem}.stack thead{display:none}
.stack tr{display:block;padding:.55rem .7rem;border-bottom:1px solid var(--line)}.stack tbody tr:last-child{border-bottom:0}
.stack td,.stack th{display:block;border:0;padding:.1rem 0}.stack .n{text-align:left}
.stack td[data-name]:before{content:attr(data-name) " ";color:var(--soft);font-size:.82rem}}
@media print{body{background:#fff;font-size:11px}main{max-width:none;padding:0}.card,.frame,.tile,.banner{break-inside:avoid}
.scroll{overflow:visible}details>*{display:block}}
)css";
}

}  // namespace entente::harness
