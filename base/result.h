// SPDX-License-Identifier: Apache-2.0
#pragma once

// Result<T>: what a function returns when the peer, the operator or the environment may be wrong. An Error says what happened,
// where, and what to do about it, in sentences for people. Decoders have a smaller typed error of their own
// (adapters/api/decode_error.h).

#include <expected>
#include <string>
#include <utility>

namespace entente {

enum class ErrorCode {
  kInvalidArgument,   // the operator's input is wrong
  kNotFound,          // a named file, node, field or option does not exist
  kAlreadyExists,     // a port, file or name is taken
  kPermissionDenied,  // identity, role or file mode forbids it
  kExhausted,         // a named limit was reached, the disk is full
  kUnavailable,       // a peer or service cannot be reached now
  kDataLoss,          // stored or sent octets are not what was written
  kUnsupported,       // declared as not supported, or of an unknown version
  kIo,                // the operating system failed
};

struct Error {
  ErrorCode code = ErrorCode::kInvalidArgument;
  std::string what;    // "the port 8087 is taken"
  std::string where;   // "exercises/first-light.yaml:12:5", "node DEU/brigade"; may be empty
  std::string advice;  // "choose another one, or stop the process that listens there"; may be empty

  bool operator==(const Error&) const = default;

  // One sentence: "where: what; advice".
  [[nodiscard]] std::string Text() const;
};

template <typename T>
using Result = std::expected<T, Error>;

using Status = Result<void>;

[[nodiscard]] inline std::unexpected<Error> Fail(ErrorCode code, std::string what, std::string where = {},
                                                 std::string advice = {}) {
  return std::unexpected(Error{code, std::move(what), std::move(where), std::move(advice)});
}

}  // namespace entente
