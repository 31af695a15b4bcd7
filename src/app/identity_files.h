#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/settings.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/timestamp.h"
#include "crypto/certificate.h"
#include "crypto/private_key.h"
#include "crypto/signing_identity.h"

namespace passmint::app {

// A folder of intermediates may hold this many files (Apple publishes under ten).
inline constexpr std::size_t kPoolFilesMax = 64;

// What a certificate file (PEM, DER, PKCS#12) and maybe a key file amount to.
struct CertificateFiles {
  crypto::Certificate certificate;
  std::optional<crypto::PrivateKey> key;    // Nothing: no key was named and none was inside.
  std::vector<crypto::Certificate> others;  // Out of a PKCS#12 file.
};

// Empty if `file` is. The passphrase is the first line. Fails as ReadFile.
Result<Secret> ReadPassphrase(const std::filesystem::path& file);

// `key` and `passphrase_file` may be empty. Messages name the file. Fails as ReadFile,
// crypto::ParseCertificate, crypto::ParsePkcs12 and crypto::ParsePrivateKey.
Result<CertificateFiles> ReadCertificateFiles(const std::filesystem::path& certificate,
                                              const std::filesystem::path& key,
                                              const std::filesystem::path& passphrase_file);

// The certificates of a file, or of all *.pem, *.cer, *.crt and *.der files of a folder.
// Fails with kNotFound if the folder has none.
Result<std::vector<crypto::Certificate>> ReadCertificatePool(const std::filesystem::path& path);

// All of the above, checked to belong together and to be valid at `now`. Fails also as
// crypto::MakeSigningIdentity; the hint says what to do on the command line.
Result<crypto::SigningIdentity> LoadSigningIdentity(const AppleFiles& files, Timestamp now);

}  // namespace passmint::app
