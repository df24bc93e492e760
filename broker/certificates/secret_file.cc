// SPDX-License-Identifier: Apache-2.0
#include "broker/certificates/secret_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace entente::broker {
namespace {

std::unexpected<Error> Failed(const std::filesystem::path& path, int error_number) {
  const ErrorCode code = error_number == EEXIST ? ErrorCode::kAlreadyExists : ErrorCode::kIo;
  return Fail(code, std::string("cannot write the key: ") + std::strerror(error_number), path.string(),
              code == ErrorCode::kAlreadyExists ? "keys are not overwritten unasked: choose another folder" : "");
}

bool WriteAll(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file) == 0;
}

}  // namespace

Status WriteSecret(const std::filesystem::path& path, std::string_view content, bool replace) {
  std::error_code ignored;
  if (!replace && std::filesystem::exists(path, ignored)) return Failed(path, EEXIST);
  const std::filesystem::path beside = path.string() + ".part";
  ::unlink(beside.c_str());
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return Failed(path, errno);
  const bool written = WriteAll(file, content);
  const int error_number = errno;
  ::close(file);
  if (written && ::rename(beside.c_str(), path.c_str()) == 0) return {};
  auto failure = Failed(path, written ? errno : error_number);
  ::unlink(beside.c_str());
  return failure;
}

bool IsReadableByOthers(const std::filesystem::path& path) {
  struct stat found{};
  return ::stat(path.c_str(), &found) == 0 && (found.st_mode & (S_IRGRP | S_IROTH)) != 0;
}

}  // namespace entente::broker
