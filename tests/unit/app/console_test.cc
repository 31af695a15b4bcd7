#include "app/console.h"

#include <gtest/gtest.h>

#include <sstream>

#include "app/log.h"

namespace passmint::app {
namespace {

std::string Reported(const Error& error) {
  std::ostringstream out;
  std::ostringstream err;
  Console{out, err}.Report(error);
  EXPECT_EQ(out.str(), "") << "standard output is for results";
  return err.str();
}

TEST(ConsoleTest, PrintsAnErrorAndItsHint) {
  EXPECT_EQ(Reported({.code = ErrorCode::kNotFound, .message = "no such file", .hint = "make it"}),
            "passmint: error: no such file\npassmint: hint: make it\n");
}

TEST(ConsoleTest, PrintsALineForEachProblem) {
  Error error{.code = ErrorCode::kInvalidArgument, .message = "2 settings are wrong"};
  error.problems = {{"a", "", "first"}, {"b", "", "second"}};
  EXPECT_EQ(Reported(error),
            "passmint: error: 2 settings are wrong\n"
            "passmint: error:   first\n"
            "passmint: error:   second\n");
}

TEST(ConsoleTest, DoesNotRepeatASingleProblem) {
  EXPECT_EQ(Reported(Annotate(InvalidInput("a", "", "wrong"), "file")),
            "passmint: error: file: wrong\n");
}

TEST(ConsoleTest, LetsNoControlCharacterReachTheTerminal) {
  EXPECT_EQ(Reported({.code = ErrorCode::kInternal, .message = "a\x1b[2Jb\nc"}),
            "passmint: error: a [2Jb c\n");
}

TEST(LogTest, QuotesWhatWouldBreakALine) {
  EXPECT_EQ(FormatFields({{"a", "1"}, {"b", "x y"}, {"c", ""}, {"d", "q\"=\n"}}),
            "a=1 b=\"x y\" c=\"\" d=\"q\\\"=\\n\"");
}

}  // namespace
}  // namespace passmint::app
