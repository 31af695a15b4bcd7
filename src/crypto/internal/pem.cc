#include "crypto/internal/pem.h"

#include <openssl/pem.h>

#include <algorithm>
#include <utility>

namespace passmint::crypto::internal {
namespace {

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool IsPkcs12(std::string_view bytes) {
  const unsigned char* at = Bytes(bytes);
  const Pkcs12Ptr parsed(d2i_PKCS12(nullptr, &at, static_cast<long>(bytes.size())));
  (void)TakeOpenSslErrors();
  return parsed != nullptr;
}

bool IsDerKey(std::string_view bytes) {
  const unsigned char* at = Bytes(bytes);
  const EvpPkeyPtr key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(bytes.size())));
  (void)TakeOpenSslErrors();
  return key != nullptr;
}

bool IsDerCertificate(std::string_view bytes) {
  const unsigned char* at = Bytes(bytes);
  const X509Ptr parsed(d2i_X509(nullptr, &at, static_cast<long>(bytes.size())));
  (void)TakeOpenSslErrors();
  return parsed != nullptr;
}

}  // namespace

bool LooksLikePem(std::string_view bytes) { return Contains(bytes, "-----BEGIN "); }

std::vector<PemBlock> ReadPemBlocks(std::string_view text, std::size_t blocks_max) {
  const BioPtr source = ReadingBio(text);
  std::vector<PemBlock> blocks;
  while (blocks.size() < blocks_max) {
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;
    if (PEM_read_bio(source.get(), &name, &header, &data, &size) != 1) break;
    PemBlock block{.name = name,
                   .encrypted = Contains(header, "ENCRYPTED"),
                   .der = Secret(std::string(View(data, static_cast<std::size_t>(size))))};
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, static_cast<std::size_t>(size));
    blocks.push_back(std::move(block));
  }
  (void)TakeOpenSslErrors();
  return blocks;
}

std::string GuessContent(std::string_view bytes) {
  if (bytes.empty()) return "an empty file";
  if (Contains(bytes, "PRIVATE KEY-----")) return "a private key";
  if (Contains(bytes, "CERTIFICATE REQUEST-----")) return "a certificate request";
  if (Contains(bytes, "-----BEGIN CERTIFICATE-----")) return "a certificate";
  if (Contains(bytes, "-----BEGIN PUBLIC KEY-----")) return "a public key";
  if (Contains(bytes.substr(0, 1024), "<html") || Contains(bytes.substr(0, 1024), "<!DOCTYPE")) {
    return "an HTML page";
  }
  if (IsPkcs12(bytes)) return "a PKCS#12 file (.p12)";
  if (IsDerCertificate(bytes)) return "a certificate";
  if (IsDerKey(bytes)) return "a private key";
  return "";
}

}  // namespace passmint::crypto::internal
