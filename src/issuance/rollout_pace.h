#pragma once

// How fast phones are told of a new design, in cards: each comes back with a list and a fetch.
namespace passmint::issuance {

inline constexpr int kRolloutCardsPerSecond = 200;  // Unless somebody wants another pace.
// One transaction takes a second's worth; others do not wait for more.
inline constexpr int kRolloutCardsPerSecondMax = 500;

}  // namespace passmint::issuance
