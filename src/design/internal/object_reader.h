#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "design/internal/report.h"
#include "json/json.h"

namespace passmint::design::internal {

// Reads one object of template.json strictly. Whatever is wrong is reported where it stands:
// unknown keys (T02), wrong types (T03), values that are not allowed (T04), missing keys (T05). A
// getter answers "absent" then, and for JSON null.
class ObjectReader {
 public:
  using Keys = std::initializer_list<std::string_view>;

  // `object` and `report` outlive the reader.
  ObjectReader(const Json& object, std::string pointer, Report& report, Keys known);

  bool Has(std::string_view key) const { return Find(key) != nullptr; }
  const Json* Find(std::string_view key) const;  // Null if absent or JSON null.
  std::string Pointer(std::string_view key) const { return json::Child(pointer_, key); }
  const std::string& pointer() const { return pointer_; }
  Report& report() const { return report_; }

  void Require(Keys keys) const;

  std::optional<std::string> String(std::string_view key, std::size_t bytes_max) const;
  // A string that is no text, so that neither variables (P30) nor "@key" are expanded in it.
  std::optional<std::string> Word(std::string_view key, std::size_t bytes_max) const;
  bool Bool(std::string_view key, bool otherwise) const;
  std::optional<std::int64_t> Integer(std::string_view key, std::int64_t min,
                                      std::int64_t max) const;
  // `id` is that of the rule that the range belongs to.
  std::optional<double> Number(std::string_view key, double min, double max,
                               std::string_view id) const;
  const Json* Object(std::string_view key) const;
  // `id` as above, for the number of elements.
  const Json* Array(std::string_view key, std::size_t elements_max,
                    std::string_view id = "T04") const;

  template <class T>
  using Names = std::vector<std::pair<std::string_view, T>>;

  // The value whose name stands there.
  template <class T>
  std::optional<T> Enum(std::string_view key, const Names<T>& names) const {
    const auto text = Word(key, 64);
    if (!text) return std::nullopt;
    std::vector<std::string_view> known;
    for (const auto& [name, value] : names) {
      if (name == *text) return value;
      known.push_back(name);
    }
    ReportUnknown(Pointer(key), *text, known);
    return std::nullopt;
  }

  // T04 for a word that is not of a list, naming the nearest.
  void ReportUnknown(const std::string& pointer, std::string_view found,
                     const std::vector<std::string_view>& known) const;

 private:
  void ReportType(std::string_view key, std::string_view wanted) const;

  const Json& object_;
  std::string pointer_;
  Report& report_;
};

}  // namespace passmint::design::internal
