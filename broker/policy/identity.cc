// SPDX-License-Identifier: Apache-2.0
#include "broker/policy/identity.h"

#include <algorithm>

#include "base/node_id.h"

namespace entente::broker {
namespace {

constexpr std::string_view kScheme = "entente://";
constexpr std::string_view kAnyNode = "/*";
constexpr std::size_t kShownOctets = 120;  // of what a peer wrote

// What a peer wrote: cut, and without control octets.
std::string Shown(std::string_view text) {
  std::string shown(text.substr(0, kShownOctets));
  std::ranges::replace_if(shown, [](char c) { return c < ' ' || c > '~'; }, '?');
  return "\"" + shown + "\"";
}

std::string_view RoleName(v1::Role role) {
  switch (role) {
    case v1::ROLE_EXCON:
      return "EXCON";
    case v1::ROLE_OBSERVER:
      return "an observer";
    default:
      return "a node";
  }
}

std::string_view ActionName(Action action) {
  switch (action) {
    case Action::kReceive:
      return "receive";
    case Action::kPublish:
      return "publish";
    case Action::kAppend:
      return "append to the record";
    case Action::kWatch:
      return "watch";
    case Action::kCommand:
      return "command faults and injects";
  }
  return "do that";
}

bool RoleAllows(v1::Role role, Action action) {
  switch (action) {
    case Action::kReceive:
    case Action::kWatch:
      return true;
    case Action::kPublish:
    case Action::kAppend:
      return role != v1::ROLE_OBSERVER;
    case Action::kCommand:
      return role == v1::ROLE_EXCON;
  }
  return false;
}

bool Matches(std::string_view pattern, std::string_view node) {
  if (!pattern.ends_with(kAnyNode)) return pattern == node;
  pattern.remove_suffix(1);
  return node.starts_with(pattern);
}

}  // namespace

bool Identity::SpeaksFor(std::string_view node) const {
  if (!proven()) return true;
  if (role == v1::ROLE_NODE && node == name) return true;
  return std::ranges::any_of(speaks_for, [&](const std::string& pattern) { return Matches(pattern, node); });
}

Status Authorize(const Identity& identity, Action action) {
  if (!identity.proven() || RoleAllows(identity.role, action)) return {};
  return Fail(ErrorCode::kPermissionDenied, std::string(RoleName(identity.role)) + " may not " + std::string(ActionName(action)),
              "identity " + identity.name,
              "give it another role in policy.identities of the exercise file, or use another certificate");
}

Status AuthorizeAttach(const Identity& identity, std::string_view node) {
  if (identity.SpeaksFor(node)) return {};
  return Fail(ErrorCode::kPermissionDenied, "the certificate of " + identity.name + " does not speak for " + Shown(node), {},
              "attach as a node that it speaks for, or name this one in policy.identities of the exercise file");
}

bool IsIdentityUri(std::string_view uri) {
  return uri.starts_with(kScheme);
}

Result<std::string> IdentityName(std::span<const std::string> uris) {
  constexpr std::string_view kAdvice = "issue a certificate with one URI such as entente://DEU/brigade; see entente certs --help";
  const auto count = std::ranges::count_if(uris, IsIdentityUri);
  if (count == 0) {
    return Fail(ErrorCode::kPermissionDenied, "the certificate names no node: it has no URI entente://<nation>/<node>", {},
                std::string(kAdvice));
  }
  if (count > 1) {
    return Fail(ErrorCode::kPermissionDenied, "the certificate names " + std::to_string(count) + " nodes, not one", {},
                std::string(kAdvice));
  }
  const std::string& uri = *std::ranges::find_if(uris, IsIdentityUri);
  const std::string_view name = std::string_view(uri).substr(kScheme.size());
  if (!NodeId::Parse(name)) {
    return Fail(ErrorCode::kPermissionDenied, "the certificate's URI " + Shown(uri) + " names no node", {}, std::string(kAdvice));
  }
  return std::string(name);
}

IdentityBook::IdentityBook(const v1::ExercisePolicy& policy) {
  for (const v1::IdentityPolicy& entry : policy.identities()) {
    const v1::Role role = entry.role() == v1::ROLE_UNSPECIFIED ? v1::ROLE_NODE : entry.role();
    identities_[entry.identity()] = {entry.identity(), role, {entry.speaks_for().begin(), entry.speaks_for().end()}};
  }
}

Identity IdentityBook::Of(std::string_view name) const {
  const auto found = identities_.find(name);
  return found != identities_.end() ? found->second : Identity{std::string(name), v1::ROLE_NODE, {}};
}

}  // namespace entente::broker
