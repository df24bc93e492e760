// SPDX-License-Identifier: Apache-2.0
#pragma once

// A certificate authority for one exercise, in a folder: what `entente certs` makes. For the desk and for tests; an exercise over
// real networks should use the authority of whoever runs it.
//
//   authority.pem, authority.key   the authority; the key signs and stays where it is
//   revoked.pem                    its revocation list, signed anew with each revocation
//   DEU-brigade.pem, .key          of entente://DEU/brigade
//
// Keys are P-256, unencrypted, and readable by their owner only. Nothing is overwritten unasked. One thread.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "broker/certificates/tls_files.h"

namespace entente::broker {

inline constexpr Duration kLeafLife = std::chrono::days(7);
inline constexpr Duration kAuthorityLife = std::chrono::days(30);

struct CertificateRequest {
  std::string file;                // "DEU-brigade": name of the files, without an extension
  std::vector<std::string> uris;   // "entente://DEU/brigade"
  std::vector<std::string> hosts;  // DNS names and addresses, of what listens
  UtcTime not_before{};
  UtcTime not_after{};
  bool replace = false;  // what is there already
};

class Authority {
 public:
  // An error when the folder holds one already.
  static Result<Authority> Create(const std::filesystem::path& folder, const std::string& name, UtcTime from, UtcTime until);
  static Result<Authority> Open(const std::filesystem::path& folder);
  Authority(Authority&&) noexcept;
  Authority& operator=(Authority&&) noexcept;
  ~Authority();

  // The files of the new identity, with the authority's own and its revocation list.
  Result<TlsFiles> Issue(const CertificateRequest& request);
  // Adds the certificate of this file to the revocation list, which is signed anew. False: it was there already.
  Result<bool> Revoke(const std::filesystem::path& certificate, UtcTime now);

  [[nodiscard]] TlsFiles FilesOf(const std::string& file) const;
  [[nodiscard]] UtcTime not_after() const;

 private:
  class Impl;
  explicit Authority(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// A request for the identity of this name ("DEU/brigade"), valid from now on, and a little before for clocks that lag.
CertificateRequest RequestFor(const std::string& name, std::vector<std::string> hosts, UtcTime now, Duration life = kLeafLife);

}  // namespace entente::broker
