// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "adapters/api/registry.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"
#include "harness/run/version.h"

namespace entente::cli {
namespace {

std::vector<std::string_view> FormNames(const adapter::AdapterInfo& info) {
  std::vector<std::string_view> names;
  for (const adapter::Form& form : info.forms) names.push_back(form.name);
  return names;
}

int Print(bool json) {
  if (json) {
    nlohmann::json adapters = nlohmann::json::array();
    for (const adapter::AdapterInfo* info : adapter::Adapters()) {
      adapters.push_back(
          {{"name", info->name}, {"standard", info->standard}, {"edition", info->edition}, {"forms", FormNames(*info)}});
    }
    fmt::print("{}\n", nlohmann::json{{"version", harness::kVersion}, {"adapters", adapters}}.dump());
    return kExitPass;
  }
  fmt::print("entente {}\n", harness::kVersion);
  for (const adapter::AdapterInfo* info : adapter::Adapters()) {
    fmt::print("  {:<8} {} {} ({})\n", info->name, info->standard, info->edition, fmt::join(FormNames(*info), ", "));
  }
  return kExitPass;
}

}  // namespace

Command AddVersion(CLI::App& program) {
  CLI::App* command = program.add_subcommand("version", "The version and the protocols of this build");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "One JSON object");
  return [json] { return Print(*json); };
}

}  // namespace entente::cli
