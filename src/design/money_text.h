#pragma once

#include <string>
#include <string_view>

#include "base/currency.h"
#include "design/rendered_card.h"

namespace passmint::design {

// An amount in the major unit of `currency` as the language writes it, with the symbol that is
// usual there and all digits of the fraction: "0,00 ₽" in Russian, "₽0.00" in English. By ICU,
// as texts with {{points.value}} are; a language that ICU does not know is written as its root
// language. For places where no phone formats the amount. Safe for concurrent use.
std::string MoneyText(const Decimal& amount, Currency currency, std::string_view language);

}  // namespace passmint::design
