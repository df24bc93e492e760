// SPDX-License-Identifier: Apache-2.0
#include "broker/certificates/openssl.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <ctime>

#include "base/invariant.h"
#include "base/io/files.h"

namespace entente::broker::openssl {
namespace {

constexpr std::size_t kPemFileOctets = 1024UL * 1024;

Bio Memory(std::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

template <typename Write>
std::string Written(Write write) {
  const Bio memory(BIO_new(BIO_s_mem()));
  ENTENTE_INVARIANT(memory && write(memory.get()) == 1);
  char* text = nullptr;
  const long length = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

// Reads one object after the other; the end of the text is the one failure that is none.
template <typename Owner, typename Read>
Result<std::vector<Owner>> ReadAll(std::string_view pem, const std::string& where, const char* what, Read read) {
  const Bio memory = Memory(pem);
  std::vector<Owner> all;
  while (Owner each{read(memory.get())}) all.push_back(std::move(each));
  const unsigned long error = ERR_peek_last_error();
  const bool at_end = ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
  const std::string reason = LastReason();
  if (!all.empty() && at_end) return all;
  return Fail(ErrorCode::kInvalidArgument, std::string("the file holds no ") + what + (at_end ? "" : ": " + reason), where,
              std::string("give a PEM file of one or several ") + what + "s");
}

}  // namespace

std::string LastReason() {
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = error == 0 ? nullptr : ERR_reason_error_string(error);
  return reason == nullptr ? "OpenSSL gives no reason" : reason;
}

Result<std::vector<X509Ptr>> ReadCertificates(std::string_view pem, const std::string& where) {
  return ReadAll<X509Ptr>(pem, where, "certificate", [](BIO* from) { return PEM_read_bio_X509(from, nullptr, nullptr, nullptr); });
}

Result<std::vector<Crl>> ReadCrls(std::string_view pem, const std::string& where) {
  return ReadAll<Crl>(pem, where, "revocation list",
                      [](BIO* from) { return PEM_read_bio_X509_CRL(from, nullptr, nullptr, nullptr); });
}

Result<Key> ReadKey(std::string_view pem, const std::string& where) {
  // Without the callback OpenSSL would ask for a passphrase on the terminal.
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  Key key(PEM_read_bio_PrivateKey(Memory(pem).get(), nullptr, no_passphrase, nullptr));
  if (key) return key;
  return Fail(ErrorCode::kInvalidArgument, "the file holds no private key without a passphrase: " + LastReason(), where,
              "give a PEM file of the key, readable by this user only");
}

std::string ToPem(X509* certificate) {
  return Written([&](BIO* to) { return PEM_write_bio_X509(to, certificate); });
}
std::string ToPem(X509_CRL* crl) {
  return Written([&](BIO* to) { return PEM_write_bio_X509_CRL(to, crl); });
}
std::string ToPem(EVP_PKEY* key) {
  return Written([&](BIO* to) { return PEM_write_bio_PKCS8PrivateKey(to, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

Result<std::string> ReadPemFile(const std::filesystem::path& path, std::string_view what) {
  const auto content = ReadFile(path, kPemFileOctets);
  if (content) return ToText(*content);
  Error error = content.error();
  error.what = "the " + std::string(what) + " cannot be read: " + error.what;
  return std::unexpected(std::move(error));
}

UtcTime ToUtc(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return UtcTime(std::chrono::seconds(timegm(&parts)));
}

Time ToAsn1(UtcTime time) {
  return Time(ASN1_TIME_set(nullptr, std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count()));
}

}  // namespace entente::broker::openssl
