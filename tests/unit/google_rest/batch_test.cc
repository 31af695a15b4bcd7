#include "google_rest/batch.h"

#include <gtest/gtest.h>

namespace passmint::google_rest {
namespace {

TEST(BatchTest, RequestsAreWrittenInGooglesForm) {
  EXPECT_EQ(WriteBatch({{"PATCH", "/walletobjects/v1/loyaltyObject/1.a", R"({"state":"ACTIVE"})"},
                        {"GET", "/walletobjects/v1/loyaltyObject/1.b", ""}},
                       "b1"),
            "--b1\r\n"
            "Content-Type: application/http\r\n"
            "Content-ID: <item0>\r\n"
            "\r\n"
            "PATCH /walletobjects/v1/loyaltyObject/1.a\r\n"
            "Content-Type: application/json\r\n"
            "Content-Length: 18\r\n"
            "\r\n"
            "{\"state\":\"ACTIVE\"}\r\n"
            "--b1\r\n"
            "Content-Type: application/http\r\n"
            "Content-ID: <item1>\r\n"
            "\r\n"
            "GET /walletobjects/v1/loyaltyObject/1.b\r\n"
            "\r\n"
            "\r\n"
            "--b1--\r\n");
}

// After the example of https://developers.google.com/people/v1/batch, out of order.
constexpr const char* kAnswer =
    "--batch_x\r\n"
    "Content-Type: application/http\r\n"
    "Content-ID: <response-item1>\r\n"
    "\r\n"
    "HTTP/1.1 404 Not Found\r\n"
    "Content-Type: application/json\r\n"
    "Retry-After: 7\r\n"
    "\r\n"
    "{\"error\": {\"code\": 404}}\r\n"
    "--batch_x\r\n"
    "Content-Type: application/http\r\n"
    "Content-ID: <response-item0>\r\n"
    "\r\n"
    "HTTP/1.1 200 OK\r\n"
    "\r\n"
    "{\"id\": \"1.a\"}\r\n"
    "--batch_x--";

TEST(BatchTest, AnswersAreFoundByTheirId) {
  const auto answers = ReadBatch("multipart/mixed; boundary=\"batch_x\"", kAnswer, 3);
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_EQ(answers[0].status, 200);
  EXPECT_EQ(answers[0].body, R"({"id": "1.a"})");
  EXPECT_EQ(answers[1].status, 404);
  EXPECT_EQ(answers[1].retry_after, "7");
  EXPECT_EQ(answers[2].status, 0);
}

TEST(BatchTest, WithoutIdsTheOrderCounts) {
  std::string answer = kAnswer;
  for (const char* const id :
       {"Content-ID: <response-item1>\r\n", "Content-ID: <response-item0>\r\n"})
    answer.erase(answer.find(id), std::string(id).size());
  const auto answers = ReadBatch("multipart/mixed; boundary=batch_x", answer, 2);
  EXPECT_EQ(answers[0].status, 404);
  EXPECT_EQ(answers[1].status, 200);
}

TEST(BatchTest, WhatCannotBeReadIsLeftOut) {
  for (const char* const type :
       {"", "text/html", "multipart/mixed", "multipart/mixed; boundary="}) {
    EXPECT_EQ(ReadBatch(type, kAnswer, 1).at(0).status, 0) << type;
  }
  const std::string whole = kAnswer;
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    const auto answers = ReadBatch("multipart/mixed; boundary=batch_x", whole.substr(0, cut), 2);
    EXPECT_EQ(answers.size(), 2u);
  }
  EXPECT_EQ(ReadBatch("multipart/mixed; boundary=batch_x",
                      "--batch_x\r\nContent-ID: <response-item99999999999999999999>\r\n\r\n"
                      "HTTP/1.1 2000000000000 OK\r\n\r\n--batch_x--",
                      1)
                .at(0)
                .status,
            0);
}

}  // namespace
}  // namespace passmint::google_rest
