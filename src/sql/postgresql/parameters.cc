#include "sql/postgresql/parameters.h"

#include <charconv>

namespace passmint::sql::postgresql {
namespace {

constexpr int kAsText = 0;
constexpr int kAsBytes = 1;

}  // namespace

Parameters::Parameters(Values values) : digits_(values.size()) {
  types_.reserve(values.size());
  values_.reserve(values.size());
  lengths_.reserve(values.size());
  formats_.reserve(values.size());
  const auto add = [this](unsigned type, const char* data, std::size_t length, int format) {
    types_.push_back(type);
    values_.push_back(data);
    lengths_.push_back(static_cast<int>(length));
    formats_.push_back(format);
  };
  auto digits = digits_.begin();
  for (const Value& value : values) {
    const Value::Held& held = value.held();
    if (const auto* number = std::get_if<std::int64_t>(&held)) {
      char* const begin = digits->data();
      *std::to_chars(begin, begin + digits->size() - 1, *number).ptr = '\0';
      add(kBigintType, begin, 0, kAsText);
    } else if (const auto* text = std::get_if<std::string_view>(&held)) {
      add(kTextType, text->empty() ? "" : text->data(), text->size(), kAsBytes);
    } else if (const auto* bytes = std::get_if<Bytes>(&held)) {
      add(kByteaType, bytes->data.empty() ? "" : bytes->data.data(), bytes->data.size(), kAsBytes);
    } else {
      add(0, nullptr, 0, kAsText);
    }
    ++digits;
  }
}

}  // namespace passmint::sql::postgresql
