// SPDX-License-Identifier: Apache-2.0
#include "harness/run/shared_record.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/io/system_clock.h"
#include "broker/record/copy_record.h"
#include "broker/record/segment_log.h"

namespace entente::harness {
namespace {

constexpr int kMostReplicas = 3;

record::JetStreamOptions OptionsOf(const v1::Exercise& exercise, const std::string& writer) {
  const v1::JetStream& plan = exercise.bus().jetstream();
  record::JetStreamOptions options;
  options.servers = {plan.servers().begin(), plan.servers().end()};
  options.stream.name = plan.stream().empty() ? exercise.name() : plan.stream();
  options.stream.replicas =
      plan.replicas() != 0 ? static_cast<int>(plan.replicas()) : (plan.servers_size() >= kMostReplicas ? kMostReplicas : 1);
  options.writer = writer;
  options.incarnation = EntropyNumber();
  return options;
}

}  // namespace

Result<std::unique_ptr<record::JetStreamLog>> OpenSharedRecord(const v1::Exercise& exercise, const std::string& writer) {
  return record::JetStreamLog::Open(OptionsOf(exercise, writer));
}

Status CheckNotOver(record::JetStreamLog& log) {
  if (Status read = log.AwaitCaughtUp(); !read) return read;
  auto reader = log.Tail({}, {.events = {v1::RecordEvent::kRunEnded}, .writers = {}});
  if (!reader) return std::unexpected(reader.error());
  const auto ended = (*reader)->Next();
  if (!ended) return std::unexpected(ended.error());
  if (!*ended) return {};
  return Fail(ErrorCode::kAlreadyExists, "the stream holds the record of a run that is over", {},
              "name another stream in the exercise file (bus.jetstream.stream), or remove that one once `entente pull` has a copy");
}

Result<std::uint64_t> PullSharedRecord(const v1::Exercise& exercise, const std::filesystem::path& directory, const Clock& clock) {
  record::JetStreamOptions options = OptionsOf(exercise, "reader");
  options.only_read = true;
  auto shared = record::JetStreamLog::Open(std::move(options));
  if (!shared) return std::unexpected(shared.error());
  if (Status read = (*shared)->AwaitCaughtUp(); !read) return std::unexpected(read.error());
  auto copy = record::SegmentLog::Open({.directory = directory}, clock);
  if (!copy) return std::unexpected(copy.error());
  if ((*copy)->end() != record::Cursor{}) {
    return Fail(ErrorCode::kAlreadyExists, "the folder holds a record already", directory.string(), "name another one");
  }
  auto events = record::CopyRecord(**shared, **copy);
  if (!events) return events;
  if (Status closed = (*copy)->Close(); !closed) return std::unexpected(closed.error());
  return events;
}

}  // namespace entente::harness
