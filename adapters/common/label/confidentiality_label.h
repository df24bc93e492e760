// SPDX-License-Identifier: Apache-2.0
#pragma once

// The XML of a confidentiality label after ADatP-4774, read into and written from v1::Label. For adapters whose standard has a
// place for such a label (XMPP's XEP-0258, NVG's extension, a 4778 binding). Pure.
//
// Reading is strict wherever leniency could show a message to somebody: a policy, classification, category, type or value that is
// missing, doubled or not of the standard is refused with offset and clause, never skipped. What has no effect on access and no
// place in v1::Label (URIs, review date, originator, succession, extensions) is passed over with a finding.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/api/decode_error.h"
#include "adapters/api/finding.h"
#include "base/result.h"
#include "base/time.h"
#include "entente/v1/label.pb.h"

namespace entente::label {

inline constexpr std::string_view kLabelNamespace = "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0";
// One label, or one binding without its data. Larger: refused.
inline constexpr std::size_t kLabelOctets = 64 * 1024;
// Values of one category, and categories of one label. More: refused.
inline constexpr std::size_t kLabelValues = 1024;

// Which of the elements it is.
enum class LabelRole {
  kOriginator,   // originatorConfidentialityLabel
  kAlternative,  // alternativeConfidentialityLabel: the same, in the words of another policy
  kMetadata,     // metadataConfidentialityLabel: of the metadata, not of the data
  kUnsaid,       // ConfidentialityLabel, kept by the schema for old writers; it acts as the originator's
};

struct ConfidentialityLabel {
  LabelRole role = LabelRole::kOriginator;
  v1::Label label;                   // its origin is LABEL_ORIGIN_CARRIED
  std::optional<UtcTime> created{};  // CreationDateTime; mandatory, yet some leave it out
  std::vector<adapter::Finding> findings{};
};

// A document or fragment whose root element is a label.
adapter::DecodeResult<ConfidentialityLabel> ReadLabel(std::string_view xml);

// The element, valid by the standard's schema, without an XML declaration. Fails for what the standard or XML cannot hold as it is:
// no policy or classification, a category without a type, characters or white space that would not come back the same.
Result<std::string> WriteLabel(const v1::Label& label, UtcTime created, LabelRole role = LabelRole::kOriginator);

}  // namespace entente::label
