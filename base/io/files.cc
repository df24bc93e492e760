// SPDX-License-Identifier: Apache-2.0
#include "base/io/files.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace entente {
namespace {

ErrorCode CodeOf(int error_number) {
  switch (error_number) {
    case ENOENT:
      return ErrorCode::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::kPermissionDenied;
    case ENOSPC:
    case EDQUOT:
      return ErrorCode::kExhausted;
    default:
      return ErrorCode::kIo;
  }
}

std::unexpected<Error> SystemFailure(std::string what, const std::filesystem::path& path) {
  const int error_number = errno;
  return Fail(CodeOf(error_number), std::move(what) + ": " + std::strerror(error_number), path.string());
}

}  // namespace

Result<Bytes> ReadFile(const std::filesystem::path& path, std::size_t limit_octets) {
  std::error_code ec;
  if (std::filesystem::is_directory(path, ec)) {
    return Fail(ErrorCode::kInvalidArgument, "this is a folder, not a file", path.string());
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return SystemFailure("cannot open the file", path);
  Bytes content;
  char block[64 * 1024];
  while (file.read(block, sizeof(block)) || file.gcount() > 0) {
    content.insert(content.end(), block, block + file.gcount());
    if (content.size() > limit_octets) {
      return Fail(ErrorCode::kExhausted, "the file is larger than " + std::to_string(limit_octets) + " octets", path.string(),
                  "split it, or choose another one");
    }
  }
  if (file.bad()) return SystemFailure("cannot read the file", path);
  return content;
}

Status WriteFile(const std::filesystem::path& path, std::string_view content) {
  const std::filesystem::path beside = path.string() + ".part";
  std::ofstream file(beside, std::ios::binary | std::ios::trunc);
  if (!file) return SystemFailure("cannot create the file", path);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  if (!file) {
    auto failure = SystemFailure("cannot write the file", path);
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);
    return failure;
  }
  std::error_code ec;
  std::filesystem::rename(beside, path, ec);
  if (ec) return Fail(ErrorCode::kIo, "cannot put the file in place: " + ec.message(), path.string());
  return {};
}

Status MakeDirectories(const std::filesystem::path& path) {
  std::error_code ec;
  std::filesystem::create_directories(path, ec);
  if (ec) return Fail(CodeOf(ec.value()), "cannot make the folder: " + ec.message(), path.string());
  return {};
}

}  // namespace entente
