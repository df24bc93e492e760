// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "broker/record/verify.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"

namespace entente::cli {
namespace {

struct VerifyOptions {
  std::filesystem::path record;
  bool json = false;
};

// A run's folder holds its record in one of its own.
std::filesystem::path RecordIn(const std::filesystem::path& folder) {
  std::error_code ignored;
  return std::filesystem::is_directory(folder / "record", ignored) ? folder / "record" : folder;
}

nlohmann::ordered_json Json(const record::LogVerification& verified) {
  nlohmann::ordered_json json{{"whole", verified.whole()},
                              {"closed", verified.closed},
                              {"frames", verified.frames},
                              {"events", verified.events},
                              {"signed_frames", verified.signed_frames},
                              {"record_digest", ToHex(verified.record_digest)}};
  if (!verified.whole()) {
    const record::LogFault& fault = *verified.fault;
    json["fault"] = {{"kind", record::Name(fault.kind)},
                     {"segment", fault.segment.string()},
                     {"frame", fault.frame},
                     {"offset", fault.offset},
                     {"what", fault.what}};
  }
  return json;
}

void Print(const record::LogVerification& verified) {
  if (!verified.whole()) fmt::print("{}\n", verified.fault->Text());
  fmt::print("{} frames with {} events are as they were written, {} of the frames under a signature\n", verified.frames,
             verified.events, verified.signed_frames);
  if (verified.whole() && !verified.closed)
    fmt::print("The record was not closed: what followed its last signature cannot be vouched for\n");
  fmt::print("Digest {}\n", ToHex(verified.record_digest));
}

int Verify(const VerifyOptions& options) {
  const auto verified = record::VerifyLog(RecordIn(options.record));
  if (!verified) {
    fmt::print(stderr, "entente: {}\n", verified.error().Text());
    return kExitUsage;
  }
  if (options.json) {
    fmt::print("{}\n", Json(*verified).dump());
  } else {
    Print(*verified);
  }
  return verified->whole() ? kExitPass : kExitFail;
}

}  // namespace

Command AddVerify(CLI::App& program) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* command = program.add_subcommand(
      "verify", "Name the first altered, missing or reordered frame of a record; 0: there is none, 1: there is, 2: no record");
  command->add_option("RECORD", options->record, "Folder of a record, or of the run that it belongs to")->required();
  command->add_flag("--json", options->json, "One JSON object");
  return [options] { return Verify(*options); };
}

}  // namespace entente::cli
