// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "base/io/files.h"
#include "base/io/system_clock.h"
#include "harness/cli/commands.h"
#include "harness/cli/decoding.h"
#include "harness/cli/exit_code.h"
#include "harness/cli/printing.h"

namespace entente::cli {
namespace {

struct InspectOptions {
  std::string file;
  std::string protocol;
  std::string form;
  bool json = false;
  bool summary = false;
};

void PrintText(const DecodedFile& decoded, const InspectOptions& options) {
  if (!options.summary) {
    for (const DecodedRecordUnit& unit : decoded.units) fmt::print("{}", ToText(unit));
  }
  fmt::print("{}: {} {}, {} units, {} messages, {} refused\n", options.file, decoded.adapter->name, decoded.form,
             decoded.units.size(), decoded.messages(), decoded.refused());
}

// One object a line for each unit, then one for the file.
void PrintJson(const DecodedFile& decoded, const InspectOptions& options) {
  if (!options.summary) {
    for (const DecodedRecordUnit& unit : decoded.units) fmt::print("{}\n", ToJson(unit).dump());
  }
  const nlohmann::json file = {{"file", options.file},           {"protocol", decoded.adapter->name},
                               {"form", decoded.form},           {"units", decoded.units.size()},
                               {"messages", decoded.messages()}, {"refused", decoded.refused()}};
  fmt::print("{}\n", file.dump());
}

int Inspect(const InspectOptions& options) {
  const auto content = ReadFile(options.file);
  if (!content) {
    fmt::print(stderr, "entente: {}\n", content.error().Text());
    return kExitUsage;
  }
  const auto decoded = DecodeFile(*content, options.file, options.protocol, options.form, SystemClock().Read());
  if (!decoded) {
    fmt::print(stderr, "entente: {}\n", decoded.error().Text());
    return kExitUsage;
  }
  options.json ? PrintJson(*decoded, options) : PrintText(*decoded, options);
  if (decoded->messages() == 0 && decoded->refused() == decoded->units.size()) {
    if (!options.json) fmt::print(stderr, "entente: nothing in {} was understood by any adapter\n", options.file);
    return kExitFail;
  }
  return kExitPass;
}

}  // namespace

Command AddInspect(CLI::App& program) {
  auto options = std::make_shared<InspectOptions>();
  CLI::App* command =
      program.add_subcommand("inspect", "Decode a message, recording or capture: canonical view, findings, loss ledger");
  command->add_option("FILE", options->file, "Recording of a protocol, or a pcap capture with UDP payloads")->required();
  command->add_option("--protocol", options->protocol, "Adapter to use; without it, the one that understands most");
  command->add_option("--form", options->form, "Form of the protocol, as `entente version` lists them");
  command->add_flag("--json", options->json, "One JSON object a line for each unit, then one for the file");
  command->add_flag("--summary", options->summary, "Only the counts");
  return [options] { return Inspect(*options); };
}

}  // namespace entente::cli
