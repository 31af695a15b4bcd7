#include "http2/internal/tls_stream.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

namespace passmint::http2::internal {
namespace {

bool IsAddress(const std::string& host) {
  unsigned char address[16];
  return inet_pton(AF_INET, host.c_str(), address) == 1 ||
         inet_pton(AF_INET6, host.c_str(), address) == 1;
}

// Names the host to the server (RFC 6066 section 3, never for an address), and to whoever checks
// its certificate.
bool SetHost(SSL* ssl, const std::string& host) {
  X509_VERIFY_PARAM* const check = SSL_get0_param(ssl);
  if (IsAddress(host)) return X509_VERIFY_PARAM_set1_ip_asc(check, host.c_str()) == 1;
  X509_VERIFY_PARAM_set_hostflags(check, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return X509_VERIFY_PARAM_set1_host(check, host.data(), host.size()) == 1 &&
         // The macro SSL_set_tlsext_host_name, without its cast; the library copies the name.
         SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                  const_cast<char*>(host.c_str())) == 1;
}

}  // namespace

Result<TlsStream> TlsStream::Create(const TlsContext& context, int socket,
                                    const std::string& host) {
  ERR_clear_error();
  SslPtr ssl(SSL_new(context.rep().context.get()));
  if (!ssl || SSL_set_fd(ssl.get(), socket) != 1 ||
      (!context.rep().is_server && !SetHost(ssl.get(), host))) {
    ::close(socket);
    return Error{.code = ErrorCode::kInternal, .message = "set up TLS: " + TakeOpenSslErrors()};
  }
  if (context.rep().is_server) {
    SSL_set_accept_state(ssl.get());
  } else {
    SSL_set_connect_state(ssl.get());
  }
  return TlsStream(std::move(ssl), socket);
}

TlsStream::TlsStream(SslPtr ssl, int socket) : ssl_(std::move(ssl)), socket_(socket) {}

TlsStream::TlsStream(TlsStream&& other) noexcept
    : ssl_(std::move(other.ssl_)),
      socket_(std::exchange(other.socket_, -1)),
      failure_(std::move(other.failure_)),
      peer_alert_(other.peer_alert_),
      ended_(other.ended_) {}

TlsStream::~TlsStream() {
  if (socket_ >= 0) ::close(socket_);
}

TlsStream::Step TlsStream::Handshake() {
  ERR_clear_error();
  SSL_set_app_data(ssl_.get(), this);
  SSL_set_info_callback(ssl_.get(), &TlsStream::OnInfo);
  return After(SSL_do_handshake(ssl_.get()));
}

TlsStream::Step TlsStream::Read(char* bytes, std::size_t size, std::size_t& count) {
  ERR_clear_error();
  SSL_set_app_data(ssl_.get(), this);
  return After(SSL_read_ex(ssl_.get(), bytes, size, &count));
}

TlsStream::Step TlsStream::Write(const char* bytes, std::size_t size, std::size_t& count) {
  ERR_clear_error();
  SSL_set_app_data(ssl_.get(), this);
  return After(SSL_write_ex(ssl_.get(), bytes, size, &count));
}

void TlsStream::SayGoodbye() {
  // After a fatal error the library forbids it.
  if (ended_ || SSL_is_init_finished(ssl_.get()) != 1) return;
  ERR_clear_error();
  (void)SSL_shutdown(ssl_.get());
  ended_ = true;
}

bool TlsStream::has_buffered_input() const { return SSL_has_pending(ssl_.get()) == 1; }

bool TlsStream::negotiated_h2() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return std::string_view(reinterpret_cast<const char*>(name), size) == "h2";
}

std::string TlsStream::peer_certificate_der() const {
  X509* const certificate = SSL_get0_peer_certificate(ssl_.get());
  if (certificate == nullptr) return {};
  const int size = i2d_X509(certificate, nullptr);
  if (size <= 0) return {};
  std::string der(static_cast<std::size_t>(size), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509(certificate, &out);
  return der;
}

TlsStream::Step TlsStream::After(int result) {
  if (result == 1) return Step::kDone;
  const int system_error = errno;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Step::kWantRead;
    case SSL_ERROR_WANT_WRITE:
      return Step::kWantWrite;
    case SSL_ERROR_ZERO_RETURN:
      failure_ = "the peer closed the connection";
      return Step::kClosed;
    case SSL_ERROR_SYSCALL:
      ended_ = true;
      failure_ = system_error == 0 ? "the peer closed the connection"
                                   : std::generic_category().message(system_error);
      return Step::kFailed;
    default:
      break;
  }
  ended_ = true;
  const long verdict = SSL_get_verify_result(ssl_.get());
  failure_ = TakeOpenSslErrors();
  if (verdict != X509_V_OK && SSL_is_server(ssl_.get()) == 0) {
    failure_ += std::string(": ") + X509_verify_cert_error_string(verdict);
  }
  return Step::kFailed;
}

void TlsStream::OnInfo(const SSL* ssl, int where, int value) {
  constexpr int kAlertMask = 0xff;  // Above it stands the level.
  if ((where & SSL_CB_READ_ALERT) != SSL_CB_READ_ALERT) return;
  static_cast<TlsStream*>(SSL_get_app_data(ssl))->peer_alert_ = value & kAlertMask;
}

}  // namespace passmint::http2::internal
