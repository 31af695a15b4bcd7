#pragma once

#include "base/money.h"
#include "design/values.h"
#include "issuance/current_card.h"
#include "issuance/store.h"

// What the templates' variables (design/values.h) stand for on a card.

namespace passmint::issuance {

// All but order.*.
design::Values CardValues(const CurrentCard& current);

// order.*: of the order that the member paid last.
void SetLastOrder(const Order& order, const Currency& currency, design::Values& values);

}  // namespace passmint::issuance
