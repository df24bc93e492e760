// SPDX-License-Identifier: Apache-2.0
#include "broker/certificates/subject_names.h"

#include <algorithm>

#include "broker/certificates/openssl.h"

namespace entente::broker {
namespace {

constexpr std::size_t kShownOctets = 120;

using Names = std::unique_ptr<GENERAL_NAMES, openssl::Free<GENERAL_NAMES_free>>;
using Text = std::unique_ptr<char, openssl::Free<[](char* text) { OPENSSL_free(text); }>>;

bool IsPrintable(char c) {
  return c >= ' ' && c <= '~';
}

std::string Shown(std::string text) {
  std::ranges::replace_if(text, [](char c) { return !IsPrintable(c); }, '?');
  if (text.size() > kShownOctets) text.resize(kShownOctets);
  return text;
}

}  // namespace

std::vector<std::string> UrisOf(X509* certificate) {
  std::vector<std::string> uris;
  const Names names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* uri = name->d.uniformResourceIdentifier;
    uris.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)), static_cast<std::size_t>(ASN1_STRING_length(uri)));
  }
  return uris;
}

std::string SubjectOf(X509* certificate) {
  if (const auto uris = UrisOf(certificate); !uris.empty()) return Shown(uris.front());
  char name[kShownOctets] = {};
  const int length = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof(name));
  return length <= 0 ? "nobody" : Shown(std::string(name, static_cast<std::size_t>(length)));
}

std::string SerialOf(X509* certificate) {
  const openssl::BigNumber number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  const Text text(number ? BN_bn2hex(number.get()) : nullptr);
  return text ? text.get() : "unknown";
}

}  // namespace entente::broker
