// SPDX-License-Identifier: Apache-2.0
#pragma once

// One label element inside a document that somebody else reads: what confidentiality_label.h and metadata_binding.h share.

#include "adapters/common/label/confidentiality_label.h"
#include "adapters/common/xml/namespace_reader.h"

namespace entente::label {

// std::nullopt when the element that kStart opened is no label.
std::optional<LabelRole> RoleOf(const xml::NamespaceReader& reader);
// After kStart of a label: takes everything up to and with its end tag.
adapter::DecodeResult<ConfidentialityLabel> ReadLabelElement(xml::NamespaceReader& reader, LabelRole role);

// At most limits::kFindingsPerUnit of one unit; the last says that there were more.
void AddFinding(std::vector<adapter::Finding>& findings, adapter::Finding finding);

}  // namespace entente::label
