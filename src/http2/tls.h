#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/certificate.h"
#include "crypto/private_key.h"

// TLS 1.2 and 1.3 for HTTP/2 (RFC 9113 section 9.2): ALPN "h2" and nothing else.
namespace passmint::http2 {

// Who we are in a handshake: the certificate, then the intermediates that lead to its root.
struct TlsIdentity {
  std::vector<crypto::Certificate> chain;  // Not empty.
  crypto::PrivateKey key;                  // Of the first certificate.
};

namespace internal {
struct TlsContextRep;
}

// What many connections share. Immutable, cheap to copy, safe for concurrent use.
class TlsContext {
 public:
  struct Client {
    // Trusted beside the system's roots; a PEM file. Empty: only the system's.
    std::string ca_file = {};
    std::optional<TlsIdentity> identity = {};
  };
  // The server's certificate must lead to a trusted root and name the host that was asked for.
  // Fails with kInvalidArgument if the file holds no certificate or key and certificate do not fit.
  static Result<TlsContext> ForClient(const Client& client);

  enum class ClientCertificates {
    kTakeAny,        // What it is worth is the application's to say, in an answer.
    kRefuseExpired,  // The handshake fails with the alert certificate_expired.
  };
  // Asks for a client certificate; one that is absent passes, and so does one of a stranger. Fails
  // as ForClient.
  static Result<TlsContext> ForServer(const TlsIdentity& identity,
                                      ClientCertificates clients = ClientCertificates::kTakeAny);

  // For this module's own sources.
  explicit TlsContext(std::shared_ptr<const internal::TlsContextRep> rep) : rep_(std::move(rep)) {}
  const internal::TlsContextRep& rep() const { return *rep_; }

 private:
  std::shared_ptr<const internal::TlsContextRep> rep_;  // Never null.
};

}  // namespace passmint::http2
