// SPDX-License-Identifier: Apache-2.0
#include "broker/record/jetstream/nats_link.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace entente::record {
namespace {

constexpr int kReconnectWaitMs = 100;
constexpr int kReconnectJitterMs = 50;
constexpr int kConnectTimeMs = 1000;
// A server that answers no ping for so long is dead.
constexpr int kPingEveryMs = 1000;
constexpr int kPingsUnanswered = 2;
constexpr std::chrono::milliseconds kBetweenAttempts{100};

// "nats://user:secret@host:4222" without what is before the '@'.
std::string WithoutSecret(const std::string& server) {
  const std::size_t at = server.rfind('@');
  if (at == std::string::npos) return server;
  const std::size_t scheme = server.find("://");
  return (scheme == std::string::npos ? std::string() : server.substr(0, scheme + 3)) + server.substr(at + 1);
}

std::string Where(const std::vector<std::string>& servers) {
  std::string where;
  for (const std::string& server : servers) where += (where.empty() ? "" : ", ") + WithoutSecret(server);
  return where;
}

bool IsFull(jsErrCode code) {
  return code == JSInsufficientResourcesErr || code == JSStorageResourcesExceededErr || code == JSAccountResourcesExceededErr ||
         code == JSStreamStoreFailedErr || code == JSStreamLimitsErr;
}

std::string Advice(natsStatus status, jsErrCode code) {
  switch (code) {
    case JSNotEnabledErr:
    case JSNotEnabledForAccountErr:
      return "start nats-server with -js, or with a jetstream block in its configuration";
    case JSClusterNoPeersErr:
    case JSStreamReplicasNotSupportedErr:
      return "start as many servers in one cluster as there are replicas, or ask for fewer replicas";
    case JSClusterNotAvailErr:
    case JSClusterNotLeaderErr:
      return "most of the servers must run and see each other: start those that are down";
    case JSMaximumStreamsLimitErr:
    case JSMaximumConsumersLimitErr:
      return "raise the account's limits, or remove streams that are no longer needed";
    default:
      break;
  }
  if (IsFull(code)) return "make room on the servers, or raise max_file_store or the stream's max_bytes";
  if (status == NATS_NO_RESPONDERS) return "start nats-server with -js; in a cluster most of the servers must run";
  if (status == NATS_TIMEOUT) return "in a cluster most of the servers must run and see each other: start those that are down";
  if (status == NATS_NO_SERVER || status == NATS_CONNECTION_CLOSED) {
    return "start nats-server there, or name the right servers in the exercise file";
  }
  return {};
}

ErrorCode Code(natsStatus status, jsErrCode code) {
  if (IsFull(code)) return ErrorCode::kExhausted;
  if (code == JSStreamNotFoundErr) return ErrorCode::kNotFound;
  if (status == NATS_CONNECTION_AUTH_FAILED || status == NATS_NOT_PERMITTED) return ErrorCode::kPermissionDenied;
  return ErrorCode::kUnavailable;
}

Result<NatsOwned<natsOptions>> Options(const std::vector<std::string>& servers, const std::string& name, void* closure) {
  natsOptions* made = nullptr;
  if (natsOptions_Create(&made) != NATS_OK) return Fail(ErrorCode::kIo, "the NATS client library cannot be set up");
  NatsOwned<natsOptions> options(made);
  std::vector<const char*> addresses;
  for (const std::string& server : servers) addresses.push_back(server.c_str());
  const natsConnectionHandler reconnected = [](natsConnection*, void* key) {
    if (const auto count = CallbackKey<std::atomic<std::uint64_t>>::Find(key)) ++*count;
  };
  // The library prints its errors unless they are taken from it; each comes back from a call as well.
  const natsErrHandler quiet = [](natsConnection*, natsSubscription*, natsStatus, void*) {};
  const natsStatus steps[] = {
      natsOptions_SetServers(made, addresses.data(), static_cast<int>(addresses.size())),
      natsOptions_SetName(made, name.c_str()),
      natsOptions_SetTimeout(made, kConnectTimeMs),
      natsOptions_SetMaxReconnect(made, -1),
      natsOptions_SetReconnectWait(made, kReconnectWaitMs),
      natsOptions_SetReconnectJitter(made, kReconnectJitterMs, kReconnectJitterMs),
      natsOptions_SetPingInterval(made, kPingEveryMs),
      natsOptions_SetMaxPingsOut(made, kPingsUnanswered),
      natsOptions_SetSendAsap(made, true),
      natsOptions_SetErrorHandler(made, quiet, nullptr),
      natsOptions_SetReconnectedCB(made, reconnected, closure),
  };
  for (const natsStatus step : steps) {
    if (step != NATS_OK) {
      return Fail(ErrorCode::kInvalidArgument, fmt::format("these are no NATS servers: {}", natsStatus_GetText(step)),
                  Where(servers), "name each as nats://host:port");
    }
  }
  return options;
}

}  // namespace

Error NatsError(natsStatus status, jsErrCode code, std::string what, std::string where) {
  const char* text = status == NATS_OK ? "" : natsStatus_GetText(status);
  what += code != 0 ? fmt::format(": {} (JetStream error {})", text, static_cast<int>(code)) : fmt::format(": {}", text);
  return {Code(status, code), std::move(what), std::move(where), Advice(status, code)};
}

bool MayPass(natsStatus status, jsErrCode code) {
  switch (code) {
    case JSClusterNotAvailErr:
    case JSClusterNotLeaderErr:
    case JSClusterNotAssignedErr:
    case JSClusterNoPeersErr:
    case JSStreamOfflineErr:
    case JSRaftGeneralErr:
    case JSNotEnabledErr:  // by a server that is about to join its cluster
      return true;
    default:
      break;
  }
  return code == 0 && (status == NATS_TIMEOUT || status == NATS_NO_RESPONDERS || status == NATS_NO_SERVER ||
                       status == NATS_CONNECTION_DISCONNECTED || status == NATS_CONNECTION_CLOSED || status == NATS_IO_ERROR);
}

Result<std::unique_ptr<NatsLink>> NatsLink::Connect(const std::vector<std::string>& servers, const std::string& name,
                                                    std::chrono::milliseconds patience) {
  if (servers.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "no NATS server is named", "", "name at least one as nats://host:port");
  }
  std::unique_ptr<NatsLink> link(new NatsLink(Where(servers)));
  const Result<NatsOwned<natsOptions>> options = Options(servers, name, link->key_.closure());
  if (!options) return std::unexpected(options.error());
  const auto until = std::chrono::steady_clock::now() + patience;
  natsConnection* connection = nullptr;
  natsStatus status = natsConnection_Connect(&connection, options->get());
  while (status != NATS_OK && MayPass(status, static_cast<jsErrCode>(0)) && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(kBetweenAttempts);
    status = natsConnection_Connect(&connection, options->get());
  }
  if (status != NATS_OK) {
    return std::unexpected(NatsError(status, static_cast<jsErrCode>(0), "no NATS server can be reached", link->where_));
  }
  link->connection_.reset(connection);
  jsOptions context_options;
  jsOptions_Init(&context_options);
  context_options.Wait = kRequestTime.count();
  jsCtx* context = nullptr;
  status = natsConnection_JetStream(&context, connection, &context_options);
  if (status != NATS_OK) {
    return std::unexpected(NatsError(status, static_cast<jsErrCode>(0), "JetStream cannot be used", link->where_));
  }
  link->jetstream_.reset(context);
  return link;
}

NatsLink::~NatsLink() {
  jetstream_.reset();
  if (connection_) natsConnection_Close(connection_.get());
}

}  // namespace entente::record
