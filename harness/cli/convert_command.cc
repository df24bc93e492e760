// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <memory>

#include "adapters/api/registry.h"
#include "base/io/files.h"
#include "base/io/system_clock.h"
#include "harness/cli/commands.h"
#include "harness/cli/decoding.h"
#include "harness/cli/exit_code.h"
#include "harness/cli/printing.h"
#include "proto/message_id.h"
#include "proto/value_name.h"

namespace entente::cli {
namespace {

struct ConvertOptions {
  std::string from;
  std::string to;
  std::string to_form;
  std::string file;
  std::string output;
  bool json = false;
};

struct Conversion {
  std::string octets;
  std::size_t messages = 0;
  std::size_t said = 0;
  std::map<std::string, std::size_t> not_said;  // reason → messages
  std::map<std::string, std::size_t> losses;    // "callsign dropped" → messages
};

// The object id that a gateway would give, so that an object keeps one id in the target.
v1::Envelope WithObjectId(v1::Envelope envelope) {
  envelope.set_object_id(envelope.native_id().scheme() + ':' + envelope.native_id().value());
  envelope.set_family(FamilyOf(envelope));
  return envelope;
}

Conversion Convert(const DecodedFile& decoded, const adapter::AdapterInfo& to, const adapter::Form& form) {
  Conversion conversion;
  adapter::HashedObjectIds ids;
  const auto options = adapter::NodeOptions::Defaults(to.node_options);
  for (const DecodedRecordUnit& unit : decoded.units) {
    for (const adapter::DecodedMessage& message : unit.messages) {
      ++conversion.messages;
      const auto encoded = to.codec->Encode(WithObjectId(message.envelope), {form.name, options, ids});
      if (!encoded) {
        ++conversion.not_said[encoded.error().reason];
        continue;
      }
      ++conversion.said;
      for (const SharedBytes& octets : encoded->units) conversion.octets += AsText(*octets);
      for (const auto& entry : encoded->ledger.entries()) {
        if (entry.outcome == v1::LEDGER_OUTCOME_DROPPED) ++conversion.losses[ValueName(entry.field) + " dropped"];
        if (entry.outcome == v1::LEDGER_OUTCOME_DEFAULTED) ++conversion.losses[ValueName(entry.field) + " defaulted"];
      }
    }
  }
  return conversion;
}

void PrintSummary(const Conversion& conversion, const DecodedFile& decoded, const ConvertOptions& options) {
  if (options.json) {
    const nlohmann::json json = {{"from", decoded.adapter->name},      {"to", options.to},
                                 {"units", decoded.units.size()},      {"refused", decoded.refused()},
                                 {"messages", conversion.messages},    {"converted", conversion.said},
                                 {"not_sayable", conversion.not_said}, {"losses", conversion.losses}};
    fmt::print(stderr, "{}\n", json.dump());
    return;
  }
  fmt::print(stderr, "{} units, {} refused, {} messages, {} converted\n", decoded.units.size(), decoded.refused(),
             conversion.messages, conversion.said);
  for (const auto& [reason, count] : conversion.not_said) fmt::print(stderr, "  {} not said: {}\n", count, reason);
  for (const auto& [loss, count] : conversion.losses) fmt::print(stderr, "  {} {}\n", count, loss);
}

Result<const adapter::Form*> TargetForm(const ConvertOptions& options) {
  const adapter::AdapterInfo* to = adapter::FindAdapter(options.to);
  if (to == nullptr) {
    return Fail(ErrorCode::kNotFound, fmt::format("there is no protocol \"{}\"", options.to), {}, "`entente version` lists them");
  }
  const adapter::Form* form = options.to_form.empty() ? &to->forms.front() : to->FindForm(options.to_form);
  if (form == nullptr) {
    return Fail(ErrorCode::kNotFound, fmt::format("protocol \"{}\" has no form \"{}\"", options.to, options.to_form), {},
                "`entente version` lists them");
  }
  return form;
}

Status WriteOutput(const std::string& octets, const std::string& output) {
  if (!output.empty()) return WriteFile(output, octets);
  std::fwrite(octets.data(), 1, octets.size(), stdout);
  if (std::fflush(stdout) != 0) return Fail(ErrorCode::kIo, "cannot write to standard output");
  return {};
}

int RunConvert(const ConvertOptions& options) {
  const auto complain = [](const Error& error, int exit_code) {
    fmt::print(stderr, "entente: {}\n", error.Text());
    return exit_code;
  };
  const auto form = TargetForm(options);
  if (!form) return complain(form.error(), kExitUsage);
  const auto content = ReadFile(options.file);
  if (!content) return complain(content.error(), kExitUsage);
  const auto decoded = DecodeFile(*content, options.file, options.from, {}, SystemClock().Read());
  if (!decoded) return complain(decoded.error(), kExitUsage);
  const Conversion conversion = Convert(*decoded, *adapter::FindAdapter(options.to), **form);
  if (const Status written = WriteOutput(conversion.octets, options.output); !written)
    return complain(written.error(), kExitHarness);
  PrintSummary(conversion, *decoded, options);
  return conversion.said > 0 ? kExitPass : kExitFail;
}

}  // namespace

Command AddConvert(CLI::App& program) {
  auto options = std::make_shared<ConvertOptions>();
  CLI::App* command = program.add_subcommand("convert", "Translate a recording or capture into another protocol");
  command->add_option("FILE", options->file, "Recording of a protocol, or a pcap capture with UDP payloads")->required();
  command->add_option("--from", options->from, "Protocol of FILE; without it, the one that understands most");
  command->add_option("--to", options->to, "Protocol to write")->required();
  command->add_option("--to-form", options->to_form, "Form to write; without it, the customary one");
  command->add_option("-o,--output", options->output, "File to write; without it, standard output");
  command->add_flag("--json", options->json, "The summary on standard error as one JSON object");
  return [options] { return RunConvert(*options); };
}

}  // namespace entente::cli
