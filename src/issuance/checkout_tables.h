#pragma once

namespace passmint::issuance {

// Checkouts of several orders, and who used which code.
class CheckoutTables {
 protected:
  ~CheckoutTables() = default;
};

}  // namespace passmint::issuance
