// SPDX-License-Identifier: Apache-2.0
#pragma once

// Certificates for a test, made when it runs and valid for a day: an authority (ca.pem), and signed by it a server (server.pem,
// server.key; for 127.0.0.1 and localhost) and a client (client.pem, client.key).

#include <filesystem>

namespace entente::external {

// Fails the test when OpenSSL does.
void MakeCertificates(const std::filesystem::path& folder);

}  // namespace entente::external
