// SPDX-License-Identifier: Apache-2.0
#include "tests/durability/stream_watch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <utility>

namespace entente::durability {

StreamWatch::StreamWatch(const std::vector<std::string>& servers, std::string stream) : stream_(std::move(stream)) {
  auto link = record::NatsLink::Connect(servers, "kill test", std::chrono::seconds(30));
  EXPECT_TRUE(link) << link.error().Text();
  if (link) link_ = *std::move(link);
}

StreamWatch::Standing StreamWatch::Look() const {
  if (link_ == nullptr) return {};
  jsStreamInfo* asked = nullptr;
  js_GetStreamInfo(&asked, link_->jetstream(), stream_.c_str(), nullptr, nullptr);
  const record::NatsOwned<jsStreamInfo> info(asked);
  if (info == nullptr || info->Cluster == nullptr || info->Cluster->Leader == nullptr) return {};
  const std::span<jsPeerInfo*> others(info->Cluster->Replicas, static_cast<std::size_t>(info->Cluster->ReplicasLen));
  const bool whole = std::ranges::all_of(others, [](const jsPeerInfo* peer) { return peer->Current && !peer->Offline; });
  return {info->Cluster->Leader, whole && !others.empty()};
}

}  // namespace entente::durability
