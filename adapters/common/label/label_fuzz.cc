// SPDX-License-Identifier: Apache-2.0
// Any octets, as a label and as a binding: nothing may stop the reader, and what it understood reads back the same once written.

#include <cstdlib>

#include "adapters/common/label/metadata_binding.h"
#include "base/invariant.h"
#include "base/limits.h"

namespace entente::label {
namespace {

constexpr UtcTime kCreated{std::chrono::seconds(1'767'225'600)};

void WriteAgain(const v1::Label& label) {
  const auto written = WriteLabel(label, kCreated);
  // Of what was read nothing can be unwritable: it came out of XML.
  ENTENTE_INVARIANT(written.has_value());
  if (written->size() > kLabelOctets) return;  // escapes have made it longer than is read
  const auto again = ReadLabel(*written);
  ENTENTE_INVARIANT(again.has_value());
  ENTENTE_INVARIANT(again->label.SerializeAsString() == label.SerializeAsString());
}

void Fuzz(std::string_view octets) {
  if (const auto label = ReadLabel(octets)) WriteAgain(label->label);
  const auto binding = ReadBinding(octets);
  if (!binding) return;
  for (const LabelBinding& bound : binding->bindings) {
    for (const ConfidentialityLabel& label : bound.labels) WriteAgain(label.label);
    for (const BoundData& data : bound.data) static_cast<void>(LabelOf(*binding, data.uri, "NATO"));
  }
}

}  // namespace
}  // namespace entente::label

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  entente::label::Fuzz({reinterpret_cast<const char*>(data), size});
  return 0;
}
