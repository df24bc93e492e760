// SPDX-License-Identifier: Apache-2.0
// Many nodes that only listen, on streams of one channel, as a gateway's are.

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <cstdlib>
#include <vector>

#include "entente/v1/bus.pb.h"
#include "tests/performance/load_side.h"

namespace entente::performance {
namespace {

constexpr auto kAttach = "/entente.v1.Bus/Attach";
constexpr std::uint64_t kCreditOctets = 1024 * 1024;

struct Listener {
  grpc::ClientContext context;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream;
  grpc::ByteBuffer read;
};

// To nodes that do not exist: none of it ever matches.
v1::ClientFrame Hello(std::size_t index, std::size_t subscriptions) {
  v1::ClientFrame frame;
  v1::Hello& hello = *frame.mutable_hello();
  hello.set_version(1);
  hello.set_node(fmt::format("{}/idle{}", kNations[index % kNations.size()], index));
  hello.set_incarnation(kIncarnation);
  hello.set_credit_octets(kCreditOctets);
  for (std::size_t i = 0; i < subscriptions; ++i) {
    v1::Subscription& subscription = *hello.add_subscriptions();
    subscription.add_families(v1::FAMILY_TRACK);
    subscription.add_origin_nodes(fmt::format("DEU/absent{}-{}", index, i));
  }
  return frame;
}

void Await(grpc::CompletionQueue& queue, const char* what) {
  void* tag = nullptr;
  bool ok = false;
  if (queue.Next(&tag, &ok) && ok) return;
  fmt::print(stderr, "bus_load: {} failed\n", what);
  std::exit(1);
}

}  // namespace

void AttachNodes(const BusAddress& address, Board& board, std::size_t place, std::size_t nodes, std::size_t subscriptions) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  grpc::GenericStub stub(grpc::CreateCustomChannel(address.endpoint, grpc::InsecureChannelCredentials(), arguments));
  grpc::CompletionQueue queue;
  std::vector<std::unique_ptr<Listener>> listeners;
  for (std::size_t i = 0; i < nodes; ++i) {
    Listener& listener = *listeners.emplace_back(std::make_unique<Listener>());
    listener.stream = stub.PrepareCall(&listener.context, kAttach, &queue);
    listener.stream->StartCall(nullptr);
    Await(queue, "a call");
    const grpc::Slice hello(Hello(i, subscriptions).SerializeAsString());
    listener.stream->Write(grpc::ByteBuffer(&hello, 1), nullptr);
    Await(queue, "a hello");
    listener.stream->Read(&listener.read, nullptr);
    Await(queue, "a welcome");
  }
  board.receivers[place].ready = 1;
  board.progress.Increment();
  board.stop.AwaitAtLeast(2);
  std::_Exit(0);  // a thousand streams need no leave
}

}  // namespace entente::performance
