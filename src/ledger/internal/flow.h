#pragma once

#include <cstdint>

#include "ledger/entry.h"
#include "ledger/lot.h"

namespace passmint::ledger::internal {

// One way in which points of a lot move: from one of its counters to another, and from the book
// that stands for the one to the book that stands for the other. With equal books it moves no
// money: a hold.
struct Flow {
  std::int64_t Lot::*from;
  std::int64_t Lot::*to;
  Book debit;
  Book credit;
};

inline constexpr Flow kActivate{&Lot::pending, &Lot::available, Book::kPending, Book::kActive};
inline constexpr Flow kSetAside{&Lot::available, &Lot::held, Book::kActive, Book::kActive};
inline constexpr Flow kRelease{&Lot::held, &Lot::available, Book::kActive, Book::kActive};

inline constexpr Flow kBurn{&Lot::available, &Lot::spent, Book::kActive, Book::kBurned};
inline constexpr Flow kCapture{&Lot::held, &Lot::spent, Book::kActive, Book::kBurned};
inline constexpr Flow kRestore{&Lot::spent, &Lot::available, Book::kBurned, Book::kActive};
// Burned points come back too late: their lot has expired.
inline constexpr Flow kRestoreExpired{&Lot::spent, &Lot::expired, Book::kBurned, Book::kExpired};

inline constexpr Flow kExpirePending{&Lot::pending, &Lot::expired, Book::kPending, Book::kExpired};
inline constexpr Flow kExpire{&Lot::available, &Lot::expired, Book::kActive, Book::kExpired};
inline constexpr Flow kExpireHeld{&Lot::held, &Lot::expired, Book::kActive, Book::kExpired};

inline constexpr Flow kClawPending{&Lot::pending, &Lot::clawed, Book::kPending, Book::kIssuer};
inline constexpr Flow kClaw{&Lot::available, &Lot::clawed, Book::kActive, Book::kIssuer};
inline constexpr Flow kClawExpired{&Lot::expired, &Lot::clawed, Book::kExpired, Book::kIssuer};
inline constexpr Flow kOffset{&Lot::available, &Lot::clawed, Book::kActive, Book::kDebt};

inline constexpr Flow kLeavePending{&Lot::pending, &Lot::spent, Book::kPending, Book::kTransit};
inline constexpr Flow kLeave{&Lot::available, &Lot::spent, Book::kActive, Book::kTransit};
inline constexpr Flow kLeaveHeld{&Lot::held, &Lot::spent, Book::kActive, Book::kTransit};

}  // namespace passmint::ledger::internal
