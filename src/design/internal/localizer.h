#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "base/timestamp.h"

namespace passmint::design::internal {

// How one language prints what stands inside its sentences, by ICU. Immutable; safe for concurrent
// use: only const functions of ICU objects that ICU documents as thread-safe are called.
class Localizer {
 public:
  // Falls back to ICU's root language for a tag that it does not know. `currency_code` is the one
  // that is made ready; others are printed more slowly.
  Localizer(std::string_view language, std::string_view currency_code);
  ~Localizer();
  Localizer(Localizer&&) noexcept;
  Localizer& operator=(Localizer&&) = delete;
  Localizer(const Localizer&) = delete;
  Localizer& operator=(const Localizer&) = delete;

  // "12 345" in Russian.
  void AppendInteger(std::int64_t number, std::string& out) const;

  // With its symbol, without a fraction that is zero: "1 999 ₽", "12,50 ₽".
  void AppendMoney(const Money& money, std::string& out) const;

  // In the language's medium form: "21 нояб. 2026 г.".
  void AppendDay(std::chrono::year_month_day day, std::string& out) const;

  // CLDR category: "one", "few", ...
  std::string_view Plural(std::int64_t number) const;
  std::string_view Ordinal(std::int64_t number) const;

  // The categories that whole numbers fall into, for lint: one, few, many in Russian.
  std::vector<std::string_view> WholeNumberCategories() const;

 private:
  struct Rep;
  std::unique_ptr<const Rep> rep_;
};

}  // namespace passmint::design::internal
