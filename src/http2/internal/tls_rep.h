#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace passmint::http2::internal {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* handle) const noexcept {
    Free(handle);
  }
};

using SslCtxPtr = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, FreeWith<SSL_free>>;

struct TlsContextRep {
  SslCtxPtr context;
  bool is_server = false;
};

// Returns and clears this thread's OpenSSL error queue.
std::string TakeOpenSslErrors();

}  // namespace passmint::http2::internal
