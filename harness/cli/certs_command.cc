// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <set>

#include "base/io/system_clock.h"
#include "base/node_id.h"
#include "broker/certificates/authority.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"
#include "harness/run/prepared_run.h"

namespace entente::cli {
namespace {

constexpr auto kExcon = "EXCON";

struct CertsOptions {
  std::filesystem::path folder = "certificates";
  std::string exercise;
  std::vector<std::string> nodes;
  std::vector<std::string> brokers;
  std::vector<std::string> hosts = {"localhost", "127.0.0.1", "::1"};
  int days = 7;
  bool renew = false;
  std::vector<std::string> revoke;
};

int Complain(const Error& error, int exit_code) {
  fmt::print(stderr, "entente: {}\n", error.Text());
  return exit_code;
}

int ExitCodeOf(const Error& error) {
  return error.code == ErrorCode::kIo ? kExitHarness : kExitUsage;
}

// Whoever takes part: every node, every identity of the policy, and the processes of exercise control.
// `listening`: those that are dialled, too; a run is for live control.
Status AddThoseOf(const std::string& exercise, std::set<std::string>& nodes, std::set<std::string>& listening) {
  const auto plan = harness::PrepareRunFile(exercise, {});
  if (!plan) return std::unexpected(plan.error());
  for (const v1::NodePlan& node : plan->exercise.nodes()) nodes.insert(node.node());
  for (const v1::IdentityPolicy& identity : plan->exercise.policy().identities()) nodes.insert(identity.identity());
  for (const char* name : {"gateway", "observer"}) nodes.insert(fmt::format("{}/{}", kExcon, name));
  for (const char* name : {"broker", "control"}) listening.insert(fmt::format("{}/{}", kExcon, name));
  return {};
}

Result<broker::Authority> OpenOrCreate(const std::filesystem::path& folder, UtcTime now) {
  std::error_code ignored;
  if (std::filesystem::exists(folder / "authority.pem", ignored)) return broker::Authority::Open(folder);
  auto created = broker::Authority::Create(folder, "Entente exercise authority", now, now + broker::kAuthorityLife);
  if (created) fmt::print("Authority {} until {}\n", (folder / "authority.pem").string(), FormatUtc(created->not_after(), 0));
  return created;
}

Status Issue(broker::Authority& authority, const CertsOptions& options, const std::string& name, bool listens, UtcTime now) {
  if (!NodeId::Parse(name)) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is not the name of a node", name), {},
                "write it as <NATION>/<name>, as in DEU/brigade");
  }
  auto request =
      broker::RequestFor(name, listens ? options.hosts : std::vector<std::string>{}, now, std::chrono::days(options.days));
  request.not_after = std::min(request.not_after, authority.not_after());
  request.replace = options.renew;
  const auto files = authority.Issue(request);
  if (!files) return std::unexpected(files.error());
  fmt::print("{} {} until {}\n", name, files->certificate.string(), FormatUtc(request.not_after, 0));
  return {};
}

int RunMake(const CertsOptions& options) {
  std::set<std::string> nodes(options.nodes.begin(), options.nodes.end());
  std::set<std::string> listening(options.brokers.begin(), options.brokers.end());
  if (!options.exercise.empty()) {
    if (const Status added = AddThoseOf(options.exercise, nodes, listening); !added) return Complain(added.error(), kExitUsage);
  }
  if (nodes.empty() && listening.empty()) {
    return Complain({ErrorCode::kInvalidArgument, "nobody to make a certificate for", {}, "say --node, --broker or --exercise"},
                    kExitUsage);
  }
  const UtcTime now = SystemClock().Read().utc;
  auto authority = OpenOrCreate(options.folder, now);
  if (!authority) return Complain(authority.error(), ExitCodeOf(authority.error()));
  for (const std::string& name : listening) {
    nodes.erase(name);
    if (const Status issued = Issue(*authority, options, name, true, now); !issued) {
      return Complain(issued.error(), ExitCodeOf(issued.error()));
    }
  }
  for (const std::string& name : nodes) {
    if (const Status issued = Issue(*authority, options, name, false, now); !issued) {
      return Complain(issued.error(), ExitCodeOf(issued.error()));
    }
  }
  return kExitPass;
}

int RunRevoke(const CertsOptions& options) {
  auto authority = broker::Authority::Open(options.folder);
  if (!authority) return Complain(authority.error(), kExitUsage);
  const UtcTime now = SystemClock().Read().utc;
  for (const std::string& each : options.revoke) {
    const bool named = NodeId::Parse(each).has_value() && !std::filesystem::exists(each);
    const auto file = named ? authority->FilesOf(broker::RequestFor(each, {}, now).file).certificate : std::filesystem::path(each);
    const auto revoked = authority->Revoke(file, now);
    if (!revoked) return Complain(revoked.error(), ExitCodeOf(revoked.error()));
    fmt::print("{} {}\n", file.string(), *revoked ? "revoked" : "was revoked already");
  }
  return kExitPass;
}

}  // namespace

Command AddCerts(CLI::App& program) {
  auto options = std::make_shared<CertsOptions>();
  CLI::App* command = program.add_subcommand("certs", "Certificates for the desk: an exercise authority, and who it vouches for");
  command->add_option("--folder", options->folder, "Where they lie; the authority in it is used, or made")->capture_default_str();
  command->add_option("--exercise", options->exercise,
                      "All nodes and identities of this exercise file, and EXCON's broker, gateway, control and observer");
  command->add_option("--node", options->nodes, "A node or gateway such as DEU/brigade; may be given again");
  command->add_option("--broker", options->brokers,
                      "A broker, or a run with live control, such as EXCON/broker; may be given again");
  command->add_option("--host", options->hosts, "Names and addresses that these, EXCON/broker and EXCON/control are dialled by")
      ->capture_default_str();
  command->add_option("--days", options->days, "How long they are valid")->check(CLI::Range(1, 30))->capture_default_str();
  command->add_flag("--renew", options->renew, "Replace certificates and keys that are there");
  CLI::App* revoke = command->add_subcommand("revoke", "Put certificates on the authority's revocation list");
  revoke->add_option("NAME", options->revoke, "DEU/brigade, or a certificate file")->required();
  revoke->add_option("--folder", options->folder, "Where the authority lies")->capture_default_str();
  return [options, revoke] { return revoke->parsed() ? RunRevoke(*options) : RunMake(*options); };
}

}  // namespace entente::cli
