// SPDX-License-Identifier: Apache-2.0
#include "broker/record/segment_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace entente::record {
namespace {

constexpr std::string_view kSuffix = ".segment";
constexpr mode_t kMode = 0644;

ErrorCode CodeOf(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return ErrorCode::kExhausted;
    case ENOENT:
      return ErrorCode::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::kPermissionDenied;
    case EEXIST:
      return ErrorCode::kAlreadyExists;
    default:
      return ErrorCode::kIo;
  }
}

std::unexpected<Error> Failed(std::string_view what, int error_number, const std::filesystem::path& path) {
  const ErrorCode code = CodeOf(error_number);
  return Fail(code, fmt::format("{}: {}", what, std::strerror(error_number)), path.string(),
              code == ErrorCode::kExhausted ? "free some space, or raise the limit; the record goes on when there is room" : "");
}

// 0 when the name is not of a segment.
std::uint32_t NumberOf(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  std::uint32_t number = 0;
  std::from_chars(name.data(), name.data() + name.size(), number);
  return number != 0 && name == SegmentName(number) ? number : 0;
}

}  // namespace

std::string SegmentName(std::uint32_t number) {
  return fmt::format("{:06}{}", number, kSuffix);
}

Result<std::vector<SegmentPath>> ListSegments(const std::filesystem::path& directory) {
  std::error_code ec;
  std::filesystem::directory_iterator entries(directory, ec);
  if (ec) return Failed("cannot read the record's folder", ec.value(), directory);
  std::vector<SegmentPath> segments;
  for (const std::filesystem::directory_entry& entry : entries) {
    if (const std::uint32_t number = NumberOf(entry.path())) segments.push_back({number, entry.path()});
  }
  std::ranges::sort(segments, {}, &SegmentPath::number);
  return segments;
}

Result<std::unique_ptr<SegmentFile>> SegmentFile::Open(const std::filesystem::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, kMode);
  if (descriptor < 0) return Failed("cannot open the segment", errno, path);
  return std::unique_ptr<SegmentFile>(new SegmentFile(path, descriptor));
}

Result<std::unique_ptr<SegmentFile>> SegmentFile::Make(const std::filesystem::path& path, std::size_t octets) {
  auto file = Open(path, O_RDWR | O_CREAT | O_EXCL);
  if (!file) return file;
  if (Status reserved = (*file)->Reserve(octets); !reserved) {
    ::unlink(path.c_str());
    return std::unexpected(reserved.error());
  }
  return file;
}

Result<std::unique_ptr<SegmentFile>> SegmentFile::OpenToRead(const std::filesystem::path& path) {
  return Open(path, O_RDONLY);
}

Result<std::unique_ptr<SegmentFile>> SegmentFile::OpenToWrite(const std::filesystem::path& path) {
  return Open(path, O_RDWR);
}

SegmentFile::~SegmentFile() {
  ::close(descriptor_);
}

std::unexpected<Error> SegmentFile::Failure(std::string_view what, int error_number) const {
  return Failed(what, error_number, path_);
}

Result<std::size_t> SegmentFile::Size() const {
  struct stat status{};
  if (::fstat(descriptor_, &status) != 0) return Failure("cannot look at the segment", errno);
  return static_cast<std::size_t>(status.st_size);
}

Result<Bytes> SegmentFile::ReadAt(std::uint64_t offset, std::size_t length) const {
  Bytes octets(length);
  std::size_t done = 0;
  while (done < length) {
    const ssize_t got = ::pread(descriptor_, octets.data() + done, length - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failure("cannot read the segment", errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  octets.resize(done);
  return octets;
}

Status SegmentFile::WriteAt(std::uint64_t offset, ByteView octets) {
  while (!octets.empty()) {
    const ssize_t put = ::pwrite(descriptor_, octets.data(), octets.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return Failure("cannot write the record", put < 0 ? errno : ENOSPC);
    offset += static_cast<std::uint64_t>(put);
    octets = octets.subspan(static_cast<std::size_t>(put));
  }
  return {};
}

Status SegmentFile::Reserve(std::size_t octets) {
  const int error_number = ::posix_fallocate(descriptor_, 0, static_cast<off_t>(octets));
  if (error_number != 0) return Failure("cannot take the space for a segment", error_number);
  return {};
}

Status SegmentFile::Truncate(std::size_t octets) {
  if (::ftruncate(descriptor_, static_cast<off_t>(octets)) != 0) return Failure("cannot cut the segment to its length", errno);
  return {};
}

Status SegmentFile::Sync() {
  if (::fdatasync(descriptor_) != 0) return Failure("cannot make the record durable", errno);
  return {};
}

Status SyncDirectory(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return Failed("cannot open the record's folder", errno, directory);
  const int synced = ::fsync(descriptor);
  const int error_number = errno;
  ::close(descriptor);
  if (synced != 0) return Failed("cannot make the record's folder durable", error_number, directory);
  return {};
}

Result<std::unique_ptr<DirectoryLock>> DirectoryLock::Take(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return Failed("cannot open the record's folder", errno, directory);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor);
    return Fail(ErrorCode::kAlreadyExists, "another process writes this record", directory.string(),
                "stop it, or choose another folder");
  }
  return std::unique_ptr<DirectoryLock>(new DirectoryLock(descriptor));
}

DirectoryLock::~DirectoryLock() {
  ::close(descriptor_);
}

}  // namespace entente::record
