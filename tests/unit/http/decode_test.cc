#include "http/decode.h"

#include <gtest/gtest.h>

#include "http/problem.h"

namespace passmint::http {
namespace {

std::string Problems(const std::vector<InputProblem>& problems) {
  std::string text;
  for (const InputProblem& problem : problems) text += problem.code + " " + problem.pointer + "\n";
  return text;
}

TEST(ObjectReaderTest, FindsEverythingThatIsWrongInOneLook) {
  const Json body = {
      {"order_id", 7}, {"total", 1.5}, {"custmer", Json::object()}, {"name", "a\nb"}};
  std::vector<InputProblem> problems;
  ObjectReader reader(body, "", problems);
  (void)reader.RequiredText("order_id");
  (void)reader.RequiredInteger("total", 0, 10);
  (void)reader.RequiredText("currency");
  (void)reader.Text("name");
  (void)reader.Object("customer");
  reader.Finish();
  EXPECT_EQ(Problems(problems),
            "invalid_type /order_id\ninvalid_type /total\nrequired /currency\ninvalid_value /name\n"
            "unknown_field /custmer\n");
  EXPECT_EQ(problems.back().detail, "no such field; did you mean customer?");
}

TEST(ObjectReaderTest, TakesNullForAbsentButTellsThemApartForPatches) {
  const Json body = {{"phone", nullptr}};
  std::vector<InputProblem> problems;
  ObjectReader reader(body, "", problems);
  EXPECT_TRUE(reader.Has("phone"));
  EXPECT_FALSE(reader.Has("email"));
  EXPECT_EQ(reader.Text("phone"), std::nullopt);
  EXPECT_TRUE(problems.empty());
}

TEST(ObjectReaderTest, BoundsNumbersThatDoNotFitASignedInteger) {
  const Json body = {{"points", UINT64_MAX}, {"total", -1}};
  std::vector<InputProblem> problems;
  ObjectReader reader(body, "", problems);
  EXPECT_EQ(reader.Integer("points", 0, 100), std::nullopt);
  EXPECT_EQ(reader.Integer("total", 0, 100), std::nullopt);
  EXPECT_EQ(Problems(problems), "out_of_range /points\nout_of_range /total\n");
}

TEST(ObjectReaderTest, SaysOnceThatAnObjectIsMissing) {
  const Json body = Json::array();
  std::vector<InputProblem> problems;
  ObjectReader reader(body, "/lines/0", problems);
  (void)reader.RequiredText("line_id");
  (void)reader.RequiredInteger("amount", 0, 1);
  reader.Finish();
  EXPECT_EQ(Problems(problems), "invalid_type /lines/0\n");
}

TEST(ParseBodyTest, WantsJsonByTypeAndBySyntax) {
  EXPECT_EQ(ParseBody("{}", "text/plain").error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(ParseBody("{", "application/json").error().reason, "invalid_json");
  EXPECT_TRUE(ParseBody("{}", "application/json; charset=utf-8").ok());
}

TEST(ProblemTest, TellsAClientNothingAboutAnInternalError) {
  const Response response =
      ProblemResponse({.code = ErrorCode::kInternal, .message = "table card is damaged"});
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("damaged"), std::string::npos);
}

TEST(ProblemTest, NamesCodePointerAndWhenToTryAgain) {
  const Response input =
      ProblemResponse(InvalidInput("invalid_phone", "/customer/phone", "no phone"));
  EXPECT_EQ(input.status, 422);
  EXPECT_NE(input.body.find(R"("pointer":"/customer/phone")"), std::string::npos);
  EXPECT_NE(input.body.find(R"("type":"urn:passmint:invalid_input")"), std::string::npos);
  const Response busy =
      ProblemResponse({.code = ErrorCode::kUnavailable, .message = "disk is full"});
  EXPECT_EQ(busy.status, 503);
  EXPECT_TRUE(busy.headers.Has("Retry-After"));
}

}  // namespace
}  // namespace passmint::http
