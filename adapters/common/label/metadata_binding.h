// SPDX-License-Identifier: Apache-2.0
#pragma once

// What ties a confidentiality label to what it is the label of: the BindingInformation of ADatP-4778, read and written. A binding
// is embedded in its data (a reference with an empty URI: the document that holds the binding), holds its data (encapsulating), or
// lies elsewhere and names it (detached). Pure. Signatures are not checked and references are not followed: both are findings.

#include <string>
#include <string_view>
#include <vector>

#include "adapters/common/label/confidentiality_label.h"

namespace entente::label {

inline constexpr std::string_view kBindingNamespace = "urn:nato:stanag:4778:bindinginformation:1:0";
// Labels of one BindingInformation. More: refused.
inline constexpr std::size_t kBoundLabels = 256;

struct BoundData {
  // Of a DataReference; empty: the document that holds the binding, and anything else is detached.
  std::string uri{};
  // Of Data: its content as it stands, one XML element. Then `uri` means nothing.
  std::string content{};
  bool encapsulated = false;

  bool operator==(const BoundData&) const = default;
};

// Every label of a MetadataBinding is bound to every datum of it.
struct LabelBinding {
  std::vector<ConfidentialityLabel> labels;
  std::vector<BoundData> data;
};

struct BindingInformation {
  std::vector<LabelBinding> bindings{};  // those that hold a label
  std::vector<adapter::Finding> findings{};
};

// A document or fragment whose root element is a BindingInformation, of at most limits::kUnitOctets.
adapter::DecodeResult<BindingInformation> ReadBinding(std::string_view xml);

// The label that its originator gave to what `uri` names ("": the document that holds the binding), in the words of `policy` where
// an alternative label has them; refused when none or several different ones are bound to it.
adapter::DecodeResult<v1::Label> LabelOf(const BindingInformation& binding, std::string_view uri, std::string_view policy);

// One binding of one label, valid by the standard's schema. Fails as WriteLabel does, and when encapsulated content is not one
// well-formed element.
Result<std::string> WriteBinding(const v1::Label& label, UtcTime created, const BoundData& data);

}  // namespace entente::label
