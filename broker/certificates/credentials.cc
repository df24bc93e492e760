// SPDX-License-Identifier: Apache-2.0
#include "broker/certificates/credentials.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include "base/io/handover.h"
#include "base/io/log.h"
#include "broker/certificates/secret_file.h"
#include "broker/certificates/tls13.h"

namespace entente::broker {
namespace {

using namespace grpc::experimental;

constexpr unsigned kReadAgainSeconds = 1;

std::string_view View(grpc::string_ref text) {
  return {text.data(), text.size()};
}

// The one gate of a handshake: gRPC's own check of the chain is switched off, because it neither says why it refuses nor reads
// authority and revocation lists again. That the peer holds the key is proven by the handshake itself. gRPC calls and frees it on
// threads of its own, one after the other.
class Verifier final : public ExternalCertificateVerifier {
 public:
  using Judge = std::function<Status(TlsCustomVerificationCheckRequest& request)>;
  explicit Verifier(Judge judge) : judge_(std::move(judge)) { HandOver(this); }
  ~Verifier() override { TakeOver(this); }
  Verifier(const Verifier&) = delete;
  Verifier& operator=(const Verifier&) = delete;

  bool Verify(TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)> /*later*/, grpc::Status* now) override {
    TakeOver(this);
    const Status judged = judge_(*request);
    *now = judged ? grpc::Status::OK : grpc::Status(grpc::StatusCode::UNAUTHENTICATED, judged.error().Text());
    HandOver(this);
    return true;
  }
  void Cancel(TlsCustomVerificationCheckRequest* /*request*/) override {}

 private:
  const Judge judge_;
};

Status CheckFiles(const TlsFiles& files, PeerSide side, const Clock& clock) {
  if (const Status required = RequireTls13(); !required) return required;
  if (const auto own = CheckOwnFiles(files, side, clock.Read().utc); !own) return std::unexpected(own.error());
  if (IsReadableByOthers(files.key)) {
    spdlog::warn("{} can be read by others than its owner: chmod 600 it", files.key.string());
  }
  return {};
}

std::shared_ptr<CertificateProviderInterface> OwnCertificate(const TlsFiles& files) {
  return std::make_shared<FileWatcherCertificateProvider>(files.key.string(), files.certificate.string(), kReadAgainSeconds);
}

}  // namespace

Result<std::shared_ptr<grpc::ServerCredentials>> MakeServerCredentials(const TlsFiles& files,
                                                                       std::shared_ptr<CertificateCheck> check, const Clock& clock,
                                                                       OnHandshakeRefused on_refused) {
  if (const Status sound = CheckFiles(files, PeerSide::kServer, clock); !sound) return std::unexpected(sound.error());
  const auto judge = [check = std::move(check), &clock, on_refused = std::move(on_refused)](auto& request) -> Status {
    const auto peer =
        check->Check(View(request.peer_cert()), View(request.peer_cert_full_chain()), PeerSide::kClient, {}, clock.Read().utc);
    if (peer) return {};
    if (on_refused) on_refused(peer.error());
    return std::unexpected(peer.error());
  };
  TlsServerCredentialsOptions options(OwnCertificate(files));
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_BUT_DONT_VERIFY);
  options.set_certificate_verifier(ExternalCertificateVerifier::Create<Verifier>(judge));
  return TlsServerCredentials(options);
}

Result<std::shared_ptr<grpc::ChannelCredentials>> MakeChannelCredentials(const TlsFiles& files, const std::string& broker,
                                                                         const Clock& clock) {
  if (const Status sound = CheckFiles(files, PeerSide::kClient, clock); !sound) return std::unexpected(sound.error());
  auto check = CertificateCheck::Open(files);
  if (!check) return std::unexpected(check.error());
  const auto judge = [check = *std::move(check), broker, &clock](auto& request) -> Status {
    const auto peer = check->Check(View(request.peer_cert()), View(request.peer_cert_full_chain()), PeerSide::kServer,
                                   View(request.target_name()), clock.Read().utc);
    if (!peer) return std::unexpected(peer.error());
    if (broker.empty() || peer->name == broker) return {};
    return Fail(ErrorCode::kPermissionDenied, "this is \"" + peer->name + "\", not the broker " + broker,
                std::string(View(request.target_name())), "dial the right broker, or correct --broker-identity");
  };
  TlsChannelCredentialsOptions options;
  options.set_certificate_provider(OwnCertificate(files));
  options.watch_identity_key_cert_pairs();
  options.set_verify_server_certs(false);
  options.set_check_call_host(false);
  options.set_certificate_verifier(ExternalCertificateVerifier::Create<Verifier>(judge));
  return TlsCredentials(options);
}

}  // namespace entente::broker
