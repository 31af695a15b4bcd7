#pragma once

namespace passmint::issuance {

// What a card has for itself: a rate, a price; paid memberships.
class CardTermsTables {
 protected:
  ~CardTermsTables() = default;
};

}  // namespace passmint::issuance
