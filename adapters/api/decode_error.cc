// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/decode_error.h"

#include "adapters/api/finding.h"

namespace entente::adapter {

std::string_view CodeName(DecodeCode code) {
  switch (code) {
    case DecodeCode::kTruncated:
      return "truncated";
    case DecodeCode::kFraming:
      return "framing";
    case DecodeCode::kSyntax:
      return "syntax";
    case DecodeCode::kMissingField:
      return "missing field";
    case DecodeCode::kOutOfRange:
      return "out of range";
    case DecodeCode::kCount:
      return "count";
    case DecodeCode::kEncoding:
      return "encoding";
    case DecodeCode::kVersion:
      return "version";
    case DecodeCode::kState:
      return "state";
    case DecodeCode::kLimit:
      return "limit";
    case DecodeCode::kUnknownType:
      return "unknown type";
    case DecodeCode::kForbidden:
      return "forbidden";
  }
  return "syntax";
}

v1::Refusal ToProto(const DecodeError& error) {
  v1::Refusal refusal;
  refusal.set_code(std::string(CodeName(error.code)));
  refusal.set_offset(error.offset);
  refusal.set_field(error.field);
  refusal.set_clause(error.clause);
  refusal.set_text(error.text);
  return refusal;
}

v1::Finding ToProto(const Finding& finding) {
  v1::Finding proto;
  proto.set_severity(finding.severity);
  proto.set_offset(finding.offset);
  proto.set_field(finding.field);
  proto.set_clause(finding.clause);
  proto.set_text(finding.text);
  return proto;
}

}  // namespace entente::adapter
