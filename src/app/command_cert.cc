#include <fmt/format.h>

#include <utility>

#include "app/commands.h"
#include "app/files.h"
#include "app/identity_files.h"
#include "app/system_clock.h"
#include "crypto/certificate_request.h"
#include "crypto/expiry.h"
#include "crypto/pkcs12.h"

namespace passmint::app {
namespace {

namespace fs = std::filesystem;

constexpr char kWhereFromApple[] = "https://developer.apple.com/account/resources/certificates";

std::string Describe(const crypto::Certificate& certificate, Timestamp now) {
  std::string text;
  const auto line = [&text](std::string_view name, std::string_view value) {
    if (!value.empty()) text += fmt::format("{:<14}{}\n", name, value);
  };
  const bool is_pass = certificate.has_pass_marker() || certificate.pass_type_extension();
  if (is_pass) {
    line("pass type", certificate.uid());
    line("team", certificate.organizational_unit());
    line("NFC", certificate.is_nfc() ? "yes" : "no");
  }
  line("subject", certificate.subject());
  line("issuer", certificate.issuer());
  line("generation",
       is_pass ? certificate.issuer_organizational_unit() : certificate.organizational_unit());
  line("key",
       fmt::format("{} {} bits", crypto::ToString(certificate.key_kind()), certificate.key_bits()));
  line("serial", certificate.serial_hex());
  line("valid from", FormatRfc3339(certificate.not_before()));
  const int days = crypto::DaysLeft(certificate.not_after(), now);
  line("valid until", fmt::format("{} ({})", FormatRfc3339(certificate.not_after()),
                                  days < 0 ? "expired" : fmt::format("{} days left", days)));
  line("SHA-256", certificate.fingerprint_sha256());
  return text;
}

std::string GenerationFileName(const crypto::Certificate& certificate) {
  std::string name = "wwdr-";
  for (const char c : certificate.organizational_unit()) {
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) name += c;
    if (c >= 'A' && c <= 'Z') name += static_cast<char>(c - 'A' + 'a');
  }
  return name + "-" + certificate.fingerprint_sha256().substr(0, 8) + ".pem";
}

// All intermediates that may have issued the leaf: those named, those that came along, and those
// that the site has already.
Result<std::vector<crypto::Certificate>> Pool(const CertImportOptions& options,
                                              const std::vector<crypto::Certificate>& others) {
  std::vector<crypto::Certificate> pool = others;
  std::vector<fs::path> places(options.wwdr.begin(), options.wwdr.end());
  const fs::path kept = fs::path(options.output) / "wwdr";
  std::error_code failure;
  if (fs::is_directory(kept, failure) && !fs::is_empty(kept, failure)) places.push_back(kept);
  for (const fs::path& place : places) {
    auto found = ReadCertificatePool(place);
    if (!found.ok()) return std::move(found).error();
    pool.insert(pool.end(), found.value().begin(), found.value().end());
  }
  return pool;
}

Status WriteIdentity(const crypto::SigningIdentity& identity, const fs::path& folder) {
  if (Status made = MakeFolders(folder / "wwdr"); !made.ok()) return made;
  const fs::path certificate = folder / "pass.pem";
  std::error_code failure;
  for (const fs::path& file : {certificate, folder / "pass.key"}) {
    if (fs::exists(file, failure)) {
      return Error{.code = ErrorCode::kConflict,
                   .message = file.string() + ": exists already",
                   .hint =
                       "move the old certificate and key away first; they are still good for "
                       "comparing"};
    }
  }
  if (Status wrote = WriteNewSecretFile(folder / "pass.key", identity.key().ToPem()); !wrote.ok())
    return wrote;
  if (Status wrote = WriteNewFile(certificate, identity.certificate().ToPem()); !wrote.ok())
    return wrote;
  const crypto::Certificate& wwdr = identity.wwdr_certificate();
  return ReplaceFile(folder / "wwdr" / GenerationFileName(wwdr), wwdr.ToPem());
}

}  // namespace

Status RunCertCsr(const CertCsrOptions& options, const Console& console) {
  std::error_code failure;
  if (fs::exists(options.output, failure)) {
    return Error{.code = ErrorCode::kConflict,
                 .message = options.output + ": exists already",
                 .hint = "name another file with --output"};
  }
  auto key = crypto::GenerateRsa2048();
  if (!key.ok()) return std::move(key).error();
  auto request = crypto::MakeCsr(key.value(), options.name, options.email);
  if (!request.ok()) return std::move(request).error();
  if (Status wrote = WriteNewSecretFile(options.key, key.value().ToPem()); !wrote.ok()) {
    Error error = std::move(wrote).error();
    if (error.code == ErrorCode::kConflict) error.hint = "name another file with --key";
    return error;
  }
  if (Status wrote = WriteNewFile(options.output, request.value()); !wrote.ok()) return wrote;
  console.Progress("private key: " + options.key + " (keep it secret, and keep it)");
  console.Progress("request: " + options.output);
  console.Hint(
      fmt::format("upload {} at {} as a Pass Type ID certificate, then run passmint cert import",
                  options.output, kWhereFromApple));
  return {};
}

Status RunCertImport(const CertImportOptions& options, const Console& console) {
  const Timestamp now = SystemClock().Now();
  auto files = ReadCertificateFiles(options.certificate, options.key, options.passphrase_file);
  if (!files.ok()) return std::move(files).error();
  if (!files.value().key) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = options.certificate + ": has no private key inside",
                 .hint = "name the key that passmint cert csr made with --key FILE"};
  }
  auto pool = Pool(options, files.value().others);
  if (!pool.ok()) return std::move(pool).error();
  auto identity =
      crypto::MakeSigningIdentity(files.value().certificate, *files.value().key, pool.value(), now);
  if (!identity.ok()) return Annotate(std::move(identity).error(), options.certificate);
  if (Status wrote = WriteIdentity(identity.value(), options.output); !wrote.ok()) return wrote;
  console.out << Describe(identity.value().certificate(), now);
  console.Progress("wrote pass.pem, pass.key and wwdr/ into " + options.output);
  console.Hint(
      "settings: apple.certificate = \"certs/pass.pem\", apple.key = \"certs/pass.key\", "
      "apple.wwdr = \"certs/wwdr\"");
  return {};
}

Status RunCertShow(const CertShowOptions& options, const Console& console) {
  const Timestamp now = SystemClock().Now();
  auto files = ReadCertificateFiles(options.file, {}, options.passphrase_file);
  if (!files.ok()) return std::move(files).error();
  console.out << Describe(files.value().certificate, now);
  for (const crypto::Certificate& other : files.value().others) {
    console.out << '\n' << Describe(other, now);
  }
  return {};
}

}  // namespace passmint::app
