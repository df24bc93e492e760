// SPDX-License-Identifier: Apache-2.0
#pragma once

// A recorded file read with an adapter, for `inspect` and `convert`: every unit with what it said or why it was refused.

#include <optional>
#include <string>
#include <vector>

#include "adapters/api/adapter_info.h"
#include "base/result.h"

namespace entente::cli {

struct DecodedRecordUnit {
  std::uint64_t number = 0;
  Bytes octets;
  v1::UnitRole role = v1::UNIT_ROLE_CARRIES;
  std::string native_type;
  std::optional<adapter::DecodeError> refused;
  std::vector<adapter::DecodedMessage> messages;  // with the last unit that carries them
};

struct DecodedFile {
  const adapter::AdapterInfo* adapter = nullptr;
  std::string form;
  std::vector<DecodedRecordUnit> units;

  [[nodiscard]] std::size_t messages() const;
  [[nodiscard]] std::size_t refused() const;
};

// `protocol` and `form` empty: the adapter and form that understand most and refuse least. The octets may be a recording of the
// protocol or a pcap capture with UDP payloads. Partial times are completed from the capture's time, else from `now`.
Result<DecodedFile> DecodeFile(ByteView file, std::string_view file_name, std::string_view protocol, std::string_view form,
                               Now now);

}  // namespace entente::cli
