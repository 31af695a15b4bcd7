#include "app/identity_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/files.h"
#include "crypto/pkcs12.h"

namespace passmint::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPassphraseBytesMax = 4096;

bool LooksLikePkcs12(const fs::path& file) {
  const std::string extension = file.extension().string();
  return extension == ".p12" || extension == ".pfx" || extension == ".P12" || extension == ".PFX";
}

Result<CertificateFiles> ReadPkcs12(const fs::path& file, const std::string& content,
                                    const Secret& passphrase) {
  auto contents = crypto::ParsePkcs12(content, passphrase);
  if (!contents.ok()) {
    Error error = Annotate(std::move(contents).error(), file.string());
    if (error.reason == "wrong_passphrase" && error.hint.empty()) {
      error.hint = "put its password into a file and name it with --passphrase-file";
    }
    return error;
  }
  crypto::Pkcs12Contents& parts = contents.value();
  return CertificateFiles{std::move(parts.certificate), std::move(parts.key),
                          std::move(parts.others)};
}

}  // namespace

Result<Secret> ReadPassphrase(const fs::path& file) {
  if (file.empty()) return Secret("");
  Result<std::string> content = ReadFile(file, kPassphraseBytesMax);
  if (!content.ok()) return std::move(content).error();
  std::string& line = content.value();
  line.erase(std::min(line.find_first_of("\r\n"), line.size()));
  return Secret(std::move(line));
}

Result<CertificateFiles> ReadCertificateFiles(const fs::path& certificate, const fs::path& key,
                                              const fs::path& passphrase_file) {
  const Result<Secret> passphrase = ReadPassphrase(passphrase_file);
  if (!passphrase.ok()) return passphrase.error();
  const Result<std::string> content = ReadFile(certificate, crypto::kCertificateFileBytesMax);
  if (!content.ok()) return content.error();
  if (LooksLikePkcs12(certificate))
    return ReadPkcs12(certificate, content.value(), passphrase.value());

  auto leaf = crypto::ParseCertificate(content.value());
  if (!leaf.ok()) return Annotate(std::move(leaf).error(), certificate.string());
  CertificateFiles files{std::move(leaf).value(), std::nullopt, {}};
  if (key.empty()) return files;
  Result<std::string> key_content = ReadFile(key, crypto::kPrivateKeyFileBytesMax);
  if (!key_content.ok()) return std::move(key_content).error();
  const Secret key_bytes(std::move(key_content).value());
  auto parsed = crypto::ParsePrivateKey(key_bytes.RevealForSerialization(), passphrase.value());
  if (!parsed.ok()) return Annotate(std::move(parsed).error(), key.string());
  files.key = std::move(parsed).value();
  return files;
}

Result<std::vector<crypto::Certificate>> ReadCertificatePool(const fs::path& path) {
  std::error_code failure;
  std::vector<fs::path> files;
  if (fs::is_directory(path, failure)) {
    for (fs::directory_iterator walk(path, failure); !failure && walk != fs::directory_iterator();
         walk.increment(failure)) {
      const std::string extension = walk->path().extension().string();
      if (extension == ".pem" || extension == ".cer" || extension == ".crt" ||
          extension == ".der") {
        files.push_back(walk->path());
      }
    }
    if (files.empty() || files.size() > kPoolFilesMax) {
      return Error{
          .code = ErrorCode::kNotFound,
          .message = fmt::format("{}: {} certificates in this folder", path.string(), files.size()),
          .hint =
              "put Apple's WWDR intermediates (G1 to G8) there: "
              "https://www.apple.com/certificateauthority/"};
    }
    std::sort(files.begin(), files.end());
  } else {
    files.push_back(path);
  }
  std::vector<crypto::Certificate> pool;
  for (const fs::path& file : files) {
    const Result<std::string> content = ReadFile(file, crypto::kCertificateFileBytesMax);
    if (!content.ok()) return content.error();
    auto parsed = crypto::ParseCertificates(content.value());
    if (!parsed.ok()) return Annotate(std::move(parsed).error(), file.string());
    pool.insert(pool.end(), parsed.value().begin(), parsed.value().end());
  }
  return pool;
}

Result<crypto::SigningIdentity> LoadSigningIdentity(const AppleFiles& files, Timestamp now) {
  auto own = ReadCertificateFiles(files.certificate, files.key, files.passphrase_file);
  if (!own.ok()) return std::move(own).error();
  auto pool = ReadCertificatePool(files.wwdr);
  if (!pool.ok()) return std::move(pool).error();
  CertificateFiles& parts = own.value();
  pool.value().insert(pool.value().end(), parts.others.begin(), parts.others.end());
  if (!parts.key) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = files.certificate.string() + ": has no private key with it",
                 .reason = "certificate_key_missing",
                 .hint = "name the key that passmint cert csr made beside the request"};
  }
  auto identity = crypto::MakeSigningIdentity(parts.certificate, *parts.key, pool.value(), now);
  if (!identity.ok()) return Annotate(std::move(identity).error(), files.certificate.string());
  return identity;
}

}  // namespace passmint::app
