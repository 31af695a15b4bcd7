#include "crypto/certificate_request.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>

#include "base/utf8.h"
#include "crypto/internal/openssl.h"
#include "crypto/internal/private_key_rep.h"

namespace passmint::crypto {
namespace {

using RequestPtr = std::unique_ptr<X509_REQ, internal::FreeWith<X509_REQ_free>>;

bool IsName(std::string_view text) {
  return !text.empty() && IsUtf8(text) && CodePointCount(text) <= 64 && !HasControlCharacter(text);
}

bool IsEmail(std::string_view text) {
  const bool ascii =
      std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  return ascii && text.size() <= 128 && text.find('@') != std::string_view::npos &&
         text.front() != '@' && text.back() != '@';
}

bool AddToName(X509_NAME* name, int nid, int type, std::string_view text) {
  return X509_NAME_add_entry_by_NID(name, nid, type, internal::Bytes(text),
                                    static_cast<int>(text.size()), -1, 0) == 1;
}

}  // namespace

Result<std::string> MakeCsr(const PrivateKey& key, std::string_view common_name,
                            std::string_view email) {
  if (!IsName(common_name)) {
    return InvalidInput("bad_common_name", "",
                        "the common name is not 1 to 64 printable characters");
  }
  if (!email.empty() && !IsEmail(email)) {
    return InvalidInput("bad_email", "", "not an e-mail address of up to 128 ASCII characters");
  }
  if (key.kind() != KeyKind::kRsa && key.kind() != KeyKind::kEc) {
    return InvalidInput("bad_private_key", "", "a request needs an RSA or EC key");
  }
  const RequestPtr request(X509_REQ_new());
  const internal::BioPtr out(BIO_new(BIO_s_mem()));
  if (!request || !out) return internal::OpenSslFailure("make a certificate request");
  // The name belongs to the request.
  X509_NAME* name = X509_REQ_get_subject_name(request.get());
  const bool named =
      AddToName(name, NID_commonName, V_ASN1_UTF8STRING, common_name) &&
      (email.empty() || AddToName(name, NID_pkcs9_emailAddress, V_ASN1_IA5STRING, email));
  if (!named || X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) != 1 ||
      X509_REQ_set_pubkey(request.get(), internal::Handle(key)) != 1 ||
      X509_REQ_sign(request.get(), internal::Handle(key), EVP_sha256()) <= 0 ||
      PEM_write_bio_X509_REQ(out.get(), request.get()) != 1) {
    return internal::OpenSslFailure("make a certificate request");
  }
  return std::string(internal::Contents(out.get()));
}

}  // namespace passmint::crypto
