#include "http/decode_instant.h"

namespace passmint::http {
namespace {

constexpr TextBounds kInstant{1, 64};

}  // namespace

std::optional<Timestamp> DecodeInstant(ObjectReader& reader, std::string_view name) {
  const auto text = reader.Text(name, kInstant);
  if (!text) return std::nullopt;
  const auto instant = ParseRfc3339(*text);
  if (instant.ok()) return instant.value();
  reader.Report(name, "invalid_time", instant.error().message);
  return std::nullopt;
}

}  // namespace passmint::http
