#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "http2/internal/tls_rep.h"
#include "http2/tls.h"

namespace passmint::http2::internal {

// One TLS connection over a non-blocking socket. Owns the socket.
class TlsStream {
 public:
  enum class Step { kDone, kWantRead, kWantWrite, kClosed, kFailed };

  // `host`: of a client, whom the certificate must name; a DNS name or an IP address.
  // Fails with kInternal.
  static Result<TlsStream> Create(const TlsContext& context, int socket, const std::string& host);

  TlsStream(TlsStream&& other) noexcept;
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;
  TlsStream& operator=(TlsStream&&) = delete;
  ~TlsStream();

  int socket() const { return socket_; }

  Step Handshake();
  // `count` is how many bytes were read or written, with kDone.
  Step Read(char* bytes, std::size_t size, std::size_t& count);
  Step Write(const char* bytes, std::size_t size, std::size_t& count);
  // Tells the peer that nothing more comes, as far as it can be told without waiting.
  void SayGoodbye();

  bool has_buffered_input() const;
  bool negotiated_h2() const;
  // DER of the peer's certificate; "" if it has shown none.
  std::string peer_certificate_der() const;

  // After kFailed or kClosed.
  const std::string& failure() const { return failure_; }
  // The peer's TLS alert (RFC 8446 section 6), 0 if it sent none.
  int peer_alert() const { return peer_alert_; }

 private:
  TlsStream(SslPtr ssl, int socket);

  Step After(int result);
  static void OnInfo(const SSL* ssl, int where, int value);

  SslPtr ssl_;
  int socket_;
  std::string failure_;
  int peer_alert_ = 0;
  bool ended_ = false;  // Nothing may be written to it any more.
};

}  // namespace passmint::http2::internal
