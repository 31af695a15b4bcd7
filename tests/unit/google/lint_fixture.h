#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>

#include "google/lint.h"
#include "unit/google/sample_design.h"

namespace passmint::google::testing {

using design::Finding;
using design::Findings;
using design::Level;

inline constexpr Level kError = Level::kError;
inline constexpr Level kWarning = Level::kWarning;
inline constexpr Vertical kLoyalty = Vertical::kLoyalty;
inline constexpr Vertical kGift = Vertical::kGiftCard;
inline constexpr Vertical kOffer = Vertical::kOffer;
inline constexpr Vertical kEvent = Vertical::kEventTicket;
inline constexpr Vertical kGeneric = Vertical::kGeneric;

// The first of that rule and place; null if there is none.
const Finding* Find(const Findings& findings, std::string_view id, std::string_view pointer);

std::string Print(const Findings& findings);

// What lint says of a template; nothing if it does not compile, which is a failure of its own.
Findings LintOf(const Json& source, const design::TemplateFiles& more = {});

// A smallest template with a patch that breaks one rule. Each file of tests adds its own rows.
struct Broken {
  const char* id;
  Level level;
  Vertical vertical;
  const char* patch;
  const char* pointer;
  const char* says;  // Part of the cause.
};

std::ostream& operator<<(std::ostream& out, const Broken& broken);

class BrokenTemplateTest : public ::testing::TestWithParam<Broken> {};

}  // namespace passmint::google::testing
