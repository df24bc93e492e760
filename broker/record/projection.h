// SPDX-License-Identifier: Apache-2.0
#pragma once

// `record.db`: the record as SQLite tables for look-up by board, search and `sqlite3` (SCHEMA.md). Built while the log grows, or
// from a finished one, with the same content. Nothing is judged from it, and it may be deleted at any time.
//
// One thread at a time. Other processes may read the file while it is being written.

#include <filesystem>
#include <memory>

#include "broker/record/record.h"

namespace entente::record {

class Sqlite;
class Projector;

class Projection {
 public:
  // A new, empty one; replaces the file that is there.
  static Result<std::unique_ptr<Projection>> Create(const std::filesystem::path& path);
  ~Projection();
  Projection(const Projection&) = delete;
  Projection& operator=(const Projection&) = delete;

  // Applies all that the reader has now, and commits. The reader began at {} and filters nothing. Gives the number of events; call
  // again when the log has grown.
  Result<std::uint64_t> Follow(RecordReader& reader);

  // One by one, in the order of the log; readers of the file see them after Commit, or after some thousand events. After the first
  // failure every call gives it.
  Status Apply(const ReadEvent& event);
  Status Commit();

  // Commits, and leaves one file without companions.
  Status Close();

 private:
  explicit Projection(std::unique_ptr<Sqlite> database);

  std::unique_ptr<Sqlite> database_;
  std::unique_ptr<Projector> projector_;
  Cursor cursor_;
  std::uint64_t events_ = 0;
  std::uint64_t uncommitted_ = 0;
};

// From the log's beginning to its end now. kDataLoss: the log is damaged; what stood before the damage is in the file.
Status RebuildProjection(const std::filesystem::path& directory, const std::filesystem::path& path);

// kUnsupported unless the file is a projection of this program's schema version.
Status CheckProjection(const std::filesystem::path& path);

}  // namespace entente::record
