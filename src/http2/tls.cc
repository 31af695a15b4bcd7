#include "http2/tls.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <string_view>

#include "http2/internal/tls_rep.h"

namespace passmint::http2 {
namespace {

using internal::FreeWith;
using internal::SslCtxPtr;
using internal::TakeOpenSslErrors;

using BioPtr = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using X509Ptr = std::unique_ptr<X509, FreeWith<X509_free>>;
using EvpPkeyPtr = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;

// Length and name, as ALPN wants it (RFC 7301 section 3.1).
constexpr unsigned char kAlpn[] = {2, 'h', '2'};

// RFC 9113 section 9.2.2 forbids most of TLS 1.2's suites; these are the ones that are left and
// that all peers have.
constexpr char kTls12Ciphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20";

Error Failure(std::string_view doing) {
  return {.code = ErrorCode::kInvalidArgument,
          .message = fmt::format("{}: {}", doing, TakeOpenSslErrors())};
}

X509Ptr ReadCertificate(const crypto::Certificate& certificate) {
  const std::string der = certificate.ToDer();
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  return X509Ptr(d2i_X509(nullptr, &bytes, static_cast<long>(der.size())));
}

EvpPkeyPtr ReadKey(const crypto::PrivateKey& key) {
  const Secret pem = key.ToPem();
  const std::string& text = pem.RevealForSerialization();
  const BioPtr source(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  // Never a null passphrase: OpenSSL would ask on the terminal.
  char no_passphrase[] = "";
  return EvpPkeyPtr(PEM_read_bio_PrivateKey(source.get(), nullptr, nullptr, no_passphrase));
}

Status UseIdentity(SSL_CTX* context, const TlsIdentity& identity) {
  const EvpPkeyPtr key = ReadKey(identity.key);
  const X509Ptr leaf = ReadCertificate(identity.chain.front());
  if (!key || !leaf || SSL_CTX_use_certificate(context, leaf.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
    return Failure("TLS certificate");
  }
  for (std::size_t i = 1; i < identity.chain.size(); ++i) {
    const X509Ptr issuer = ReadCertificate(identity.chain[i]);
    if (!issuer || SSL_CTX_add1_chain_cert(context, issuer.get()) != 1) {
      return Failure("TLS certificate chain");
    }
  }
  return {};
}

Result<SslCtxPtr> MakeContext(const SSL_METHOD* method) {
  SslCtxPtr context(SSL_CTX_new(method));
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(context.get(), kTls12Ciphers) != 1) {
    return Failure("set up TLS");
  }
  // Our buffer of bytes to write may grow, and so move, between two tries.
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  return context;
}

int SelectH2(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
             const unsigned char* offered, unsigned offered_size, void*) {
  // The library's signature takes the result without const, and only reads through it.
  auto* out = const_cast<unsigned char*>(*chosen);
  const int selected =
      SSL_select_next_proto(&out, chosen_size, kAlpn, sizeof kAlpn, offered, offered_size);
  *chosen = out;
  return selected == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

int TakeAnyCertificate(int, X509_STORE_CTX*) { return 1; }

int TakeUnexpiredCertificate(int, X509_STORE_CTX* context) {
  return X509_STORE_CTX_get_error(context) == X509_V_ERR_CERT_HAS_EXPIRED ? 0 : 1;
}

}  // namespace

namespace internal {

std::string TakeOpenSslErrors() {
  std::string text;
  while (const unsigned long code = ERR_get_error()) {
    const char* reason = ERR_reason_error_string(code);
    if (!text.empty()) text += "; ";
    text += reason == nullptr ? "unknown TLS error" : reason;
  }
  return text.empty() ? "no OpenSSL error recorded" : text;
}

}  // namespace internal

Result<TlsContext> TlsContext::ForClient(const Client& client) {
  ERR_clear_error();
  auto context = MakeContext(TLS_client_method());
  if (!context.ok()) return std::move(context).error();
  SSL_CTX* const raw = context.value().get();
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
  if (SSL_CTX_set_default_verify_paths(raw) != 1) return Failure("read the system's roots");
  if (!client.ca_file.empty() && SSL_CTX_load_verify_file(raw, client.ca_file.c_str()) != 1) {
    return Failure("read trusted certificates from " + client.ca_file);
  }
  // 0 is success here, unlike anywhere else.
  if (SSL_CTX_set_alpn_protos(raw, kAlpn, sizeof kAlpn) != 0) return Failure("set up TLS");
  if (client.identity) {
    if (Status used = UseIdentity(raw, *client.identity); !used.ok())
      return std::move(used).error();
  }
  return TlsContext(std::make_shared<const internal::TlsContextRep>(
      internal::TlsContextRep{std::move(context).value(), false}));
}

Result<TlsContext> TlsContext::ForServer(const TlsIdentity& identity, ClientCertificates clients) {
  ERR_clear_error();
  auto context = MakeContext(TLS_server_method());
  if (!context.ok()) return std::move(context).error();
  SSL_CTX* const raw = context.value().get();
  if (Status used = UseIdentity(raw, identity); !used.ok()) return std::move(used).error();
  SSL_CTX_set_verify(
      raw, SSL_VERIFY_PEER,
      clients == ClientCertificates::kTakeAny ? TakeAnyCertificate : TakeUnexpiredCertificate);
  SSL_CTX_set_alpn_select_cb(raw, SelectH2, nullptr);
  // Resumption would need a session id context together with client certificates; connections are
  // long here.
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(raw, 0);
  return TlsContext(std::make_shared<const internal::TlsContextRep>(
      internal::TlsContextRep{std::move(context).value(), true}));
}

}  // namespace passmint::http2
