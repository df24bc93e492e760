// SPDX-License-Identifier: Apache-2.0
#include "broker/record/signing_key.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iterator>

#include "base/invariant.h"
#include "base/io/files.h"

namespace entente::record {
namespace {

constexpr std::size_t kPemLimitOctets = 16UL * 1024;

using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
using Bio = std::unique_ptr<BIO, int (*)(BIO*)>;
using Context = std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)>;

Bio Memory() {
  return {BIO_new(BIO_s_mem()), &BIO_free};
}
Bio Memory(const Bytes& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}
std::string TextOf(BIO* bio) {
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(length)};
}

PublicKey RawPublic(const EVP_PKEY* key) {
  PublicKey raw{};
  std::size_t size = raw.size();
  ENTENTE_INVARIANT(EVP_PKEY_get_raw_public_key(key, raw.data(), &size) == 1 && size == raw.size());
  return raw;
}

Result<Key> NotAKey(const std::filesystem::path& path) {
  return Fail(ErrorCode::kDataLoss, "the file holds no Ed25519 key in PEM form", path.string(),
              "restore it, or begin a new record in an empty folder");
}

Result<Key> Load(const std::filesystem::path& path, bool is_private) {
  const Result<Bytes> pem = ReadFile(path, kPemLimitOctets);
  if (!pem) return std::unexpected(pem.error());
  const Bio bio = Memory(*pem);
  Key key(is_private ? PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr)
                     : PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr),
          &EVP_PKEY_free);
  if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) return NotAKey(path);
  return key;
}

// Nobody else may read it at any moment: the file has its mode before it has its content.
Status WriteSecretFile(const std::filesystem::path& path, std::string_view content) {
  const std::string beside = path.string() + ".part";
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  const bool written =
      descriptor >= 0 && ::write(descriptor, content.data(), content.size()) == std::ssize(content) && ::fsync(descriptor) == 0;
  const int error_number = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (written && ::rename(beside.c_str(), path.c_str()) == 0) return {};
  return Fail(error_number == ENOSPC ? ErrorCode::kExhausted : ErrorCode::kIo,
              std::string("cannot write the record's signing key: ") + std::strerror(error_number), path.string());
}

Status Store(EVP_PKEY* key, const std::filesystem::path& directory) {
  const Bio secret = Memory();
  const Bio open = Memory();
  ENTENTE_INVARIANT(PEM_write_bio_PKCS8PrivateKey(secret.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
                    PEM_write_bio_PUBKEY(open.get(), key) == 1);
  if (Status status = WriteSecretFile(directory / kPrivateKeyFile, TextOf(secret.get())); !status) return status;
  return WriteFile(directory / kPublicKeyFile, TextOf(open.get()));
}

}  // namespace

SigningKey::SigningKey(Handle handle) : handle_(std::move(handle)), public_key_(RawPublic(handle_.get())) {}

Result<SigningKey> SigningKey::LoadOrMake(const std::filesystem::path& directory) {
  std::error_code ec;
  if (std::filesystem::exists(directory / kPrivateKeyFile, ec)) {
    Result<Key> key = Load(directory / kPrivateKeyFile, true);
    if (!key) return std::unexpected(key.error());
    return SigningKey(std::move(*key));
  }
  Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), &EVP_PKEY_free);
  if (!key) return Fail(ErrorCode::kIo, "the system gave no randomness for a signing key", directory.string());
  if (Status stored = Store(key.get(), directory); !stored) return std::unexpected(stored.error());
  return SigningKey(std::move(key));
}

Signature SigningKey::Sign(ByteView octets) const {
  const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  Signature signature{};
  std::size_t size = signature.size();
  ENTENTE_INVARIANT(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, handle_.get()) == 1 &&
                    EVP_DigestSign(context.get(), signature.data(), &size, octets.data(), octets.size()) == 1);
  return signature;
}

bool Verify(const PublicKey& key, ByteView octets, const Signature& signature) {
  const Key handle(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()), &EVP_PKEY_free);
  const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  return handle && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), octets.data(), octets.size()) == 1;
}

Result<PublicKey> LoadPublicKey(const std::filesystem::path& directory) {
  Result<Key> key = Load(directory / kPublicKeyFile, false);
  if (!key) return std::unexpected(key.error());
  return RawPublic(key->get());
}

}  // namespace entente::record
