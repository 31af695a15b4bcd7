#include "google/barcode.h"

#include <algorithm>
#include <cstddef>
#include <string>

namespace passmint::google {
namespace {

bool IsDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Apple pads nothing and knows ITF of any length; Google's is ITF-14 alone.
bool Shows(design::BarcodeFormat format, std::string_view message) {
  if (message.empty()) return false;
  if (format != design::BarcodeFormat::kItf) return true;
  return message.size() == 14 && IsDigits(message);
}

}  // namespace

std::string_view BarcodeType(design::BarcodeFormat format) {
  switch (format) {
    case design::BarcodeFormat::kQr:
      return "QR_CODE";
    case design::BarcodeFormat::kPdf417:
      return "PDF_417";
    case design::BarcodeFormat::kAztec:
      return "AZTEC";
    case design::BarcodeFormat::kCode128:
      return "CODE_128";
    case design::BarcodeFormat::kCode39:
      return "CODE_39";
    case design::BarcodeFormat::kCodabar:
      return "CODABAR";
    case design::BarcodeFormat::kEan13:
      return "EAN_13";
    case design::BarcodeFormat::kItf:
      return "ITF_14";
  }
  return "QR_CODE";
}

Json BarcodeJson(const design::Template& source, const design::RenderedCard& card) {
  for (const design::RenderedBarcode& barcode : card.barcodes) {
    const design::BarcodeFormat format = source.barcodes[barcode.definition].format;
    if (!Shows(format, barcode.message)) continue;
    Json json = Json::object();
    json["type"] = BarcodeType(format);
    json["value"] = barcode.message;
    if (!barcode.text.empty()) json["alternateText"] = barcode.text;
    // Else Google guesses the encoding.
    if (format == design::BarcodeFormat::kQr && !IsAscii(barcode.message)) {
      json["renderEncoding"] = "UTF_8";
    }
    return json;
  }
  return nullptr;
}

bool HasGs1CheckDigit(std::string_view digits) {
  int sum = 0;
  bool triple = true;
  for (std::size_t i = digits.size() - 1; i-- > 0;) {
    sum += (digits[i] - '0') * (triple ? 3 : 1);
    triple = !triple;
  }
  return (10 - sum % 10) % 10 == digits.back() - '0';
}

std::string_view BarcodeProblem(std::string_view type, std::string_view value) {
  struct Rule {
    std::string_view type;
    std::size_t length;
    std::string_view length_problem;
  };
  constexpr Rule kRules[] = {{"EAN_8", 8, "EAN_8 has 8 digits"},
                             {"EAN_13", 13, "EAN_13 has 13 digits"},
                             {"UPC_A", 12, "UPC_A has 12 digits"},
                             {"ITF_14", 14, "ITF_14 has 14 digits"}};
  for (const Rule& rule : kRules) {
    if (rule.type != type) continue;
    if (!IsDigits(value) || value.size() != rule.length) return rule.length_problem;
    return HasGs1CheckDigit(value) ? "" : "its last digit is no valid check digit";
  }
  if (type == "CODE_39" || type == "CODABAR" || type == "CODE_128") {
    return IsAscii(value) ? "" : "linear barcodes hold ASCII only";
  }
  return "";
}

}  // namespace passmint::google
