// SPDX-License-Identifier: Apache-2.0
#include "broker/record/projection.h"

#include <fmt/format.h>

#include "broker/record/log_reader.h"
#include "broker/record/projector.h"
#include "broker/record/schema.h"
#include "broker/record/sqlite.h"

namespace entente::record {
namespace {

constexpr std::uint64_t kEventsPerTransaction = 5000;
// Rows go into the indexes of hashes anywhere: pages that are not in memory are read and written again and again.
constexpr int kCacheKib = 64 * 1024;

Status RemoveOld(const std::filesystem::path& path) {
  for (const char* companion : {"", "-wal", "-shm", "-journal"}) {
    std::error_code ec;
    std::filesystem::remove(path.string() + companion, ec);
    if (ec) return Fail(ErrorCode::kIo, "cannot replace the projection: " + ec.message(), path.string());
  }
  return {};
}

}  // namespace

Projection::Projection(std::unique_ptr<Sqlite> database)
    : database_(std::move(database)), projector_(std::make_unique<Projector>(*database_)) {}

Projection::~Projection() {
  static_cast<void>(Close());
}

// Durability is the log's business: the projection can be made again.
Result<std::unique_ptr<Projection>> Projection::Create(const std::filesystem::path& path) {
  if (Status removed = RemoveOld(path); !removed) return std::unexpected(removed.error());
  Result<std::unique_ptr<Sqlite>> database = Sqlite::Open(path);
  if (!database) return std::unexpected(database.error());
  (*database)->Execute(
      fmt::format("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -{}; BEGIN", kCacheKib).c_str());
  (*database)->Execute(kTables);
  (*database)->Execute(kViews);
  (*database)->Execute(
      fmt::format("PRAGMA user_version = {}; INSERT INTO progress VALUES(0, 0, 0); COMMIT", kSchemaVersion).c_str());
  if (Status made = (*database)->status(); !made) return std::unexpected(made.error());
  return std::unique_ptr<Projection>(new Projection(std::move(*database)));
}

Result<std::uint64_t> Projection::Follow(RecordReader& reader) {
  std::uint64_t applied = 0;
  for (;; ++applied) {
    Result<std::optional<ReadEvent>> read = reader.Next();
    if (!read) {
      if (Status committed = Commit(); !committed) return std::unexpected(committed.error());
      return std::unexpected(read.error());
    }
    if (!*read) break;
    if (Status status = Apply(**read); !status) return std::unexpected(status.error());
  }
  if (Status committed = Commit(); !committed) return std::unexpected(committed.error());
  return applied;
}

Status Projection::Apply(const ReadEvent& event) {
  if (uncommitted_++ == 0) database_->Execute("BEGIN");
  projector_->Apply(event.event);
  cursor_ = event.next;
  ++events_;
  return uncommitted_ >= kEventsPerTransaction ? Commit() : database_->status();
}

Status Projection::Commit() {
  if (uncommitted_ > 0) {
    database_->Run("UPDATE progress SET frame = ?, event = ?, events = ?", cursor_.frame, cursor_.event, events_);
    database_->Execute("COMMIT");
    uncommitted_ = 0;
  }
  return database_->status();
}

Status Projection::Close() {
  Status committed = Commit();
  // While somebody still reads it, the companions stay.
  if (committed) database_->Attempt("PRAGMA journal_mode = DELETE");
  return committed;
}

Status RebuildProjection(const std::filesystem::path& directory, const std::filesystem::path& path) {
  Result<std::unique_ptr<Projection>> projection = Projection::Create(path);
  if (!projection) return std::unexpected(projection.error());
  LogReader reader(directory, {}, {});
  const Result<std::uint64_t> followed = (*projection)->Follow(reader);
  const Status closed = (*projection)->Close();
  if (!followed) return std::unexpected(followed.error());
  return closed;
}

Status CheckProjection(const std::filesystem::path& path) {
  std::error_code ec;
  if (!std::filesystem::exists(path, ec)) {
    return Fail(ErrorCode::kNotFound, "there is no projection", path.string(), "rebuild it from the record");
  }
  Result<std::unique_ptr<Sqlite>> database = Sqlite::Open(path);
  if (!database) return std::unexpected(database.error());
  const std::int64_t version = (*database)->Find("PRAGMA user_version").value_or(0);
  if (Status read = (*database)->status(); !read) return read;
  if (version != kSchemaVersion) {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("the projection has schema version {}, and this program knows {}", version, kSchemaVersion),
                path.string(), "rebuild it from the record");
  }
  return {};
}

}  // namespace entente::record
