// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whom a certificate names, for checks and for people.

#include <openssl/x509.h>

#include <string>
#include <vector>

namespace entente::broker {

// URIs of the subject's alternative names, as its author wrote them: any octets.
std::vector<std::string> UrisOf(X509* certificate);
// The first URI, else the common name, else "nobody"; cut, and without control octets.
std::string SubjectOf(X509* certificate);
// Hexadecimal.
std::string SerialOf(X509* certificate);

}  // namespace entente::broker
