// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Ed25519 key that signs a record's checkpoints: one per folder, made on first use. `record.key` (PEM, mode 0600) stays with
// the writer; `record.pub` (PEM) goes with the record, so that `openssl pkey -pubin` can read it too.

#include <filesystem>
#include <memory>

#include "broker/record/frame.h"

struct evp_pkey_st;

namespace entente::record {

inline constexpr std::string_view kPrivateKeyFile = "record.key";
inline constexpr std::string_view kPublicKeyFile = "record.pub";

class SigningKey {
 public:
  // The folder's key, or a new one when it has none.
  static Result<SigningKey> LoadOrMake(const std::filesystem::path& directory);

  [[nodiscard]] const PublicKey& public_key() const { return public_key_; }
  [[nodiscard]] Signature Sign(ByteView octets) const;

 private:
  using Handle = std::unique_ptr<evp_pkey_st, void (*)(evp_pkey_st*)>;
  explicit SigningKey(Handle handle);

  Handle handle_;
  PublicKey public_key_{};
};

bool Verify(const PublicKey& key, ByteView octets, const Signature& signature);
Result<PublicKey> LoadPublicKey(const std::filesystem::path& directory);

}  // namespace entente::record
