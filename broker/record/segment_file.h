// SPDX-License-Identifier: Apache-2.0
#pragma once

// One segment file on the disk: its name, its space, and octets at offsets. Knows nothing of frames. One writer at a time; reading
// by other processes is always possible.

#include <filesystem>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace entente::record {

// "000001.segment"
std::string SegmentName(std::uint32_t number);

struct SegmentPath {
  std::uint32_t number = 0;
  std::filesystem::path path;
};
// In order of their numbers; other files are not looked at. An absent folder is kNotFound.
Result<std::vector<SegmentPath>> ListSegments(const std::filesystem::path& directory);

class SegmentFile {
 public:
  // A new file with this much space, all zeros, taken from the disk now. kExhausted: there is no room; no file is left behind.
  static Result<std::unique_ptr<SegmentFile>> Make(const std::filesystem::path& path, std::size_t octets);
  static Result<std::unique_ptr<SegmentFile>> OpenToRead(const std::filesystem::path& path);
  static Result<std::unique_ptr<SegmentFile>> OpenToWrite(const std::filesystem::path& path);
  ~SegmentFile();
  SegmentFile(const SegmentFile&) = delete;
  SegmentFile& operator=(const SegmentFile&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  Result<std::size_t> Size() const;
  // What there is of `length` octets from `offset` on: less at the end of the file.
  Result<Bytes> ReadAt(std::uint64_t offset, std::size_t length) const;
  // All of it, or an error; after an error any part of it may have been written.
  Status WriteAt(std::uint64_t offset, ByteView octets);
  // Space up to `octets`, all zeros beyond what is written.
  Status Reserve(std::size_t octets);
  Status Truncate(std::size_t octets);
  // The file's octets and length are durable.
  Status Sync();

 private:
  SegmentFile(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  static Result<std::unique_ptr<SegmentFile>> Open(const std::filesystem::path& path, int flags);
  [[nodiscard]] std::unexpected<Error> Failure(std::string_view what, int error_number) const;

  std::filesystem::path path_;
  int descriptor_;
};

// The folder's list of files is durable.
Status SyncDirectory(const std::filesystem::path& directory);

// Held as long as it lives: no other process writes this folder. kAlreadyExists when one does.
class DirectoryLock {
 public:
  static Result<std::unique_ptr<DirectoryLock>> Take(const std::filesystem::path& directory);
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace entente::record
