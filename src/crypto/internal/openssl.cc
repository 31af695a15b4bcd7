#include "crypto/internal/openssl.h"

#include <openssl/crypto.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace passmint::crypto::internal {

void FreeSecretBio(BIO* bio) noexcept {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  if (data != nullptr && size > 0) OPENSSL_cleanse(data, static_cast<std::size_t>(size));
  BIO_free_all(bio);
}

std::string TakeOpenSslErrors() {
  std::string text;
  while (const unsigned long code = ERR_get_error()) {
    char line[256];  // Enough for any message, by the manual page of ERR_error_string.
    ERR_error_string_n(code, line, sizeof line);
    if (!text.empty()) text += "; ";
    text += line;
  }
  return text.empty() ? "no OpenSSL error recorded" : text;
}

Error OpenSslFailure(std::string_view doing) {
  return Annotate({.code = ErrorCode::kInternal, .message = TakeOpenSslErrors()}, doing);
}

void Die(std::string_view doing) {
  const std::string why = TakeOpenSslErrors();
  std::fprintf(stderr, "passmint: fatal: %.*s: %s\n", static_cast<int>(doing.size()), doing.data(),
               why.c_str());
  std::abort();
}

BioPtr ReadingBio(std::string_view bytes) {
  BioPtr bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  if (!bio) Die("read from memory");
  return bio;
}

std::string_view Contents(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  if (data == nullptr || size <= 0) return {};
  return {data, static_cast<std::size_t>(size)};
}

Timestamp FromAsn1Time(const ASN1_TIME* time) {
  std::tm parts = {};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
    (void)TakeOpenSslErrors();
    return Timestamp{};
  }
  using namespace std::chrono;
  const year_month_day day(year(parts.tm_year + 1900),
                           month(static_cast<unsigned>(parts.tm_mon + 1)),
                           std::chrono::day(static_cast<unsigned>(parts.tm_mday)));
  return sys_days(day) + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec);
}

X509StackPtr MakeX509Stack() {
  X509StackPtr stack(sk_X509_new_null());
  if (!stack) Die("make a list of certificates");
  return stack;
}

void PushShared(STACK_OF(X509) * stack, X509* certificate) {
  if (X509_up_ref(certificate) != 1) Die("share a certificate");
  if (sk_X509_push(stack, certificate) <= 0) {
    X509_free(certificate);
    Die("add to a list of certificates");
  }
}

}  // namespace passmint::crypto::internal
