// SPDX-License-Identifier: Apache-2.0
#include "harness/control/access.h"

#include <algorithm>
#include <array>

#include "broker/policy/identity.h"
#include "entente/v1/control.pb.h"

namespace entente::harness {
namespace {

bool OnlyLooks(const google::protobuf::Message& request) {
  const std::array looks = {v1::StatusRequest::descriptor(), v1::ListFaultsRequest::descriptor(),
                            v1::ListFaultKindsRequest::descriptor(), v1::WatchRequest::descriptor()};
  return std::ranges::find(looks, request.GetDescriptor()) != looks.end();
}

Status MayObserve(const broker::Identity& identity, const std::string& node) {
  if (identity.role == v1::ROLE_EXCON) return {};
  if (Status may = broker::Authorize(identity, broker::Action::kAppend); !may) return may;
  if (identity.SpeaksFor(node)) return {};
  return Fail(ErrorCode::kPermissionDenied,
              "the certificate of " + identity.name + " does not speak for \"" + node.substr(0, 80) + "\"", {},
              "observe its own nodes, only");
}

}  // namespace

Status MayAsk(const broker::StreamPeer& peer, const google::protobuf::Message& request) {
  if (!peer.identity.proven()) return {};
  if (OnlyLooks(request)) return broker::Authorize(peer.identity, broker::Action::kWatch);
  if (request.GetDescriptor() == v1::ObserveRequest::descriptor()) {
    return MayObserve(peer.identity, static_cast<const v1::ObserveRequest&>(request).node());
  }
  return broker::Authorize(peer.identity, broker::Action::kCommand);
}

}  // namespace entente::harness
