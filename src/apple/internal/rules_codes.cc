// P14 barcodes, P18 NFC (Apple reference 2.8).

#include <algorithm>

#include "apple/internal/pass_rules.h"
#include "base/bytes.h"
#include "base/utf8.h"
#include "crypto/public_key.h"

namespace passmint::apple::internal {
namespace {

constexpr std::size_t kNfcMessageBytesMax = 64;

bool IsFromIos27(std::string_view format) {
  return format == "PKBarcodeFormatCode39" || format == "PKBarcodeFormatCodabar" ||
         format == "PKBarcodeFormatEAN13" || format == "PKBarcodeFormatI2of5";
}

bool AllIn(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

constexpr std::string_view kDigits = "0123456789";

// The last digit of 13: tens complement of the others, weighted 1 and 3 (GS1 General
// Specifications, section 7.9). Twelve digits leave it to the phone.
bool IsEan13(std::string_view text) {
  if (!AllIn(text, kDigits) || (text.size() != 12 && text.size() != 13)) return false;
  if (text.size() == 12) return true;
  int sum = 0;
  for (std::size_t i = 0; i < text.size(); ++i) sum += (text[i] - '0') * (i % 2 == 0 ? 1 : 3);
  return sum % 10 == 0;
}

// Why that symbology cannot draw the text; "" if it can.
std::string_view Undrawable(std::string_view format, std::string_view text) {
  if (format == "PKBarcodeFormatEAN13" && !IsEan13(text)) {
    return "EAN-13 needs 12 or 13 digits with a right check digit";
  }
  if (format == "PKBarcodeFormatI2of5" && (!AllIn(text, kDigits) || text.size() % 2 != 0)) {
    return "ITF needs an even number of digits";
  }
  if (format == "PKBarcodeFormatCode39" &&
      !AllIn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ -.$/+%")) {
    return "Code 39 knows digits, capitals, space and -.$/+% only";
  }
  if (format == "PKBarcodeFormatCodabar" && !AllIn(text, "0123456789-$:/.+")) {
    return "Codabar knows digits and -$:/.+ only";
  }
  const bool is_ascii = std::all_of(text.begin(), text.end(),
                                    [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (format == "PKBarcodeFormatCode128" && !is_ascii) return "Code 128 knows ASCII only";
  return "";
}

bool IsEncodable(const std::string& message, std::string encoding) {
  std::transform(encoding.begin(), encoding.end(), encoding.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const char32_t limit = encoding == "iso-8859-1" ? 0xFF : encoding == "us-ascii" ? 0x7F : 0x10FFFF;
  for (std::size_t i = 0; i < message.size();) {
    if (NextCodePoint(message, i) > limit) return false;
  }
  return true;
}

void CheckCode(RuleReport& report, const Json& code, const std::string& pointer) {
  for (const char* key : {"format", "message", "messageEncoding"}) {
    const Json* value = Find(code, key);
    if (value != nullptr && (!value->is_string() || !TextOf(code, key).empty())) continue;
    report.Error("P14", pointer + '/' + key, std::string("the barcode has no ") + key,
                 "every barcode needs one");
  }
  const std::string message = TextOf(code, "message");
  const std::string encoding = TextOf(code, "messageEncoding");
  if (!encoding.empty() && !IsEncodable(message, encoding)) {
    report.Error(
        "P14", pointer + "/messageEncoding",
        "the message has characters that " + encoding + " cannot write: " + Shown(Json(message)),
        "use utf-8");
  }
  const std::string_view reason = Undrawable(TextOf(code, "format"), message);
  if (!reason.empty() && !message.empty()) {
    report.Warn("P14", pointer + "/message", std::string(reason) + ": " + Shown(Json(message)),
                "use another message, or another format such as qr");
  }
  if (Find(code, "altText") == nullptr) {
    report.Warn("P14", pointer + "/altText",
                "no text below the code: nobody can type it when it does not scan",
                "print the card number there");
  }
}

void CheckChain(RuleReport& report, const Json& codes) {
  bool all_new = true;
  bool all_128 = true;
  for (const Json& code : codes) {
    const std::string format = TextOf(code, "format");
    all_new = all_new && IsFromIos27(format);
    all_128 = all_128 && format == "PKBarcodeFormatCode128";
  }
  if (all_new) {
    report.Warn("P14", "/barcodes", "iOS 26 and earlier draw none of these codes",
                "add a fallback behind them: qr, pdf417, aztec or code128");
  }
  if (all_128) {
    report.Warn("P14", "/barcodes", "watches draw no Code 128", "add a qr code behind it");
  }
}

void CheckBarcodes(RuleReport& report) {
  const Json* codes = Find(report.json(), "barcodes");
  if (codes != nullptr && codes->is_array()) {
    for (std::size_t i = 0; i < codes->size(); ++i) {
      if ((*codes)[i].is_object()) CheckCode(report, (*codes)[i], json::Child("/barcodes", i));
    }
    if (!codes->empty()) CheckChain(report, *codes);
    return;
  }
  const Json* code = Find(report.json(), "barcode");
  if (code != nullptr && code->is_object()) CheckCode(report, *code, "/barcode");
}

bool IsP256(const std::string& base64) {
  const auto der = FromBase64(base64);
  return der.ok() && crypto::IsP256PublicKey(der.value());
}

void CheckNfc(RuleReport& report) {
  const Json* nfc = Find(report.json(), "nfc");
  if (nfc == nullptr || !nfc->is_object()) return;
  const std::string message = TextOf(*nfc, "message");
  if (message.empty()) {
    report.Error("P18", "/nfc/message", "nfc has no message", "say what a reader gets");
  } else if (message.size() > kNfcMessageBytesMax) {
    report.Error(
        "P18", "/nfc/message",
        "the message has " + std::to_string(message.size()) + " bytes; what is behind 64 is cut",
        "shorten it, for example to the card number");
  }
  if (!IsP256(TextOf(*nfc, "encryptionPublicKey"))) {
    report.Error("P18", "/nfc/encryptionPublicKey",
                 "the key is not the Base64 of a P-256 public key (SubjectPublicKeyInfo, DER)",
                 "take it from: openssl ec -in key.pem -pubout -conv_form compressed");
  }
  if (report.file().nfc_certificate == false) {
    report.Error("P18", "/nfc",
                 "nfc needs a certificate \"Pass Type ID with NFC\"; this one is not",
                 "remove nfc, or ask Apple for such a certificate");
  }
  const Json* guarded = Find(*nfc, "requiresAuthentication");
  const Json* sharing = Find(report.json(), "sharingProhibited");
  if (guarded != nullptr && *guarded == Json(true) &&
      (sharing == nullptr || *sharing != Json(true))) {
    report.Warn("P18", "/nfc/requiresAuthentication",
                "requiresAuthentication while the card can be shared",
                "set \"sharing\": false as well");
  }
}

}  // namespace

void CheckCodes(RuleReport& report) {
  CheckBarcodes(report);
  CheckNfc(report);
}

}  // namespace passmint::apple::internal
