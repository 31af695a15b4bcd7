#include "http/merchant_api.h"

#include <gmock/gmock.h>

#include <future>
#include <thread>

#include "http/card_pages.h"
#include "issuance/api_keys.h"
#include "json/json.h"
#include "unit/http/card_page_fixture.h"

namespace passmint::http {
namespace {

using ::testing::HasSubstr;

// A shop with its key.
class MerchantApiTest : public CardPageTest {
 protected:
  MerchantApiTest() {
    auto made = issuance::MakeApiKey(kProgramme, "shop", {issuance::Role::kShop},
                                     OrderSource("web"), clock_.Now(), *site_.random);
    EXPECT_TRUE(made.ok());
    bearer_ = "Bearer " + made.value().key.RevealForSerialization();
    EXPECT_TRUE(store_
                    ->Write([&](issuance::Transaction& transaction) {
                      return transaction.InsertApiKey(made.value().record);
                    })
                    .ok());
  }

  Response Call(const std::string& method, const std::string& target, const std::string& body = "",
                const std::string& idempotency_key = "") const {
    Request request{.method = method,
                    .target = target,
                    .client_address = "192.0.2.1",
                    .headers = {},
                    .body = body};
    request.headers.Add("Authorization", bearer_);
    request.headers.Add("Content-Type", "application/json");
    if (!idempotency_key.empty()) request.headers.Add("Idempotency-Key", idempotency_key);
    return api_.Handle(request);
  }

  static std::string NewCard(const std::string& phone) {
    return R"({"customer": {"phone": ")" + phone + R"("}})";
  }

  static std::string TypeOf(const Response& response) {
    const auto problem = json::Parse(response.body, 100'000);
    return problem.ok() ? problem.value().value("type", "") : "";
  }

  MerchantApi api_{context_};
  std::string bearer_;
};

TEST_F(MerchantApiTest, AKeyWhoseFirstRequestRunsForLongIsRefusedForNow) {
  std::promise<void> busy;
  std::promise<void> go_on;
  std::thread writer([&] {
    (void)store_
        ->Write([&](issuance::Transaction&) -> Status {
          busy.set_value();
          go_on.get_future().wait();
          return {};
        })
        .ok();
  });
  busy.get_future().wait();
  std::vector<Response> answers(2);
  // Whichever comes first holds the key, and waits for the writer.
  std::thread first([&] {
    answers[0] = Call("POST", "/api/v1/cards", NewCard("+79210000001"), "a");
    if (answers[0].status == 409) go_on.set_value();
  });
  std::thread second([&] {
    answers[1] = Call("POST", "/api/v1/cards", NewCard("+79210000001"), "a");
    if (answers[1].status == 409) go_on.set_value();
  });
  first.join();
  second.join();
  writer.join();
  if (answers[0].status == 409) std::swap(answers[0], answers[1]);
  EXPECT_EQ(answers[0].status, 201) << answers[0].body;
  EXPECT_EQ(answers[1].status, 409) << answers[1].body;
  EXPECT_EQ(TypeOf(answers[1]), "urn:passmint:idempotency_in_progress");
  EXPECT_EQ(answers[1].headers.Find("Retry-After"), "1");

  const Response again = Call("POST", "/api/v1/cards", NewCard("+79210000001"), "a");
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, answers[0].body);
  EXPECT_EQ(again.headers.Find("Idempotency-Replayed"), "true");
}

TEST_F(MerchantApiTest, OnAFullDiskReadsPagesAndBundlesGoOnAndWritesComeBackByThemselves) {
  ConfigureApple();
  const cards::Card card = MakeCard("Anna");
  CardPages pages(context_);
  const auto get = [&](const std::string& file) {
    return pages.Handle({.method = "GET",
                         .target = "/c/" + card.link_token.str() + file,
                         .client_address = "192.0.2.1",
                         .headers = {},
                         .body = {}});
  };
  vfs_.room = 0;
  const Response refused = Call("POST", "/api/v1/cards", NewCard("+79210000001"), "a");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(TypeOf(refused), "urn:passmint:disk_full");
  EXPECT_NE(refused.headers.Find("Retry-After"), "");
  EXPECT_NE(refused.cause, "");
  EXPECT_EQ(Call("GET", "/api/v1/cards/" + card.number.str()).status, 200);
  EXPECT_EQ(get("").status, 200);
  EXPECT_EQ(get("/pass.pkpass").status, 200);
  EXPECT_EQ(get("/qr.svg").status, 200);

  vfs_.room = -1;
  const Response made = Call("POST", "/api/v1/cards", NewCard("+79210000001"), "a");
  EXPECT_EQ(made.status, 201) << made.body;
}

}  // namespace
}  // namespace passmint::http
