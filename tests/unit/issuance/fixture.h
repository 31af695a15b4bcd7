#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "crypto/master_key.h"
#include "issuance/orders.h"
#include "issuance/site.h"
#include "store/open.h"
#include "support/fake_clock.h"
#include "support/seeded_random.h"
#include "support/temporary_directory.h"

namespace passmint::issuance {

inline Secret MasterKeyFile() {
  return Secret("k1:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
}

// A programme "coffee" with a published template, on an empty store.
class IssuanceTest : public ::testing::Test {
 protected:
  IssuanceTest() {
    site_.public_url = "https://cards.example.com";
    site_.keys =
        std::make_shared<const crypto::KeyRing>(crypto::KeyRing::Parse(MasterKeyFile()).value());
    site_.random = std::make_shared<passmint::testing::SeededRandom>();
    auto opened = store::Open("sqlite:" + (directory_ / "test.db"), clock_);
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    store_ = std::move(opened).value();
    PublishTemplate("points", "loyalty");
  }

  // A row for the template; the folder itself plays no part here.
  void PublishTemplate(const std::string& name, const std::string& kind) {
    const Status written = store_->Write([&](Transaction& transaction) {
      return transaction.InsertDesignVersion(programme_.programme.id,
                                             {.name = TemplateName(name),
                                              .version = 1,
                                              .hash = "h",
                                              .kind = kind,
                                              .files = {{"template.json", "{}"}},
                                              .ring = 100,
                                              .reach = 100,
                                              .changed_at = transaction.Now(),
                                              .published_at = transaction.Now(),
                                              .author = ApiKeyName("test"),
                                              .published_by = ApiKeyName("test"),
                                              .comment = {},
                                              .withdrawal = {}});
    });
    EXPECT_TRUE(written.ok()) << written.error().message;
  }

  // Runs `fn` in a write transaction; its Result is handed on.
  template <class T>
  Result<T> Write(const std::function<Result<T>(Transaction&)>& fn) {
    Result<T> result(Error{.message = "did not run"});
    const Status written = store_->Write([&](Transaction& transaction) -> Status {
      result = fn(transaction);
      return result.ok() ? Status() : Status(result.error());
    });
    if (!written.ok()) return written.error();
    return result;
  }

  OrderRequest Order(const std::string& id) const {
    OrderRequest order;
    order.id = OrderId(id);
    order.source = OrderSource("web");
    order.paid_at = "2026-11-21T10:00:00Z";
    order.currency = "RUB";
    order.total = 199900;
    order.customer.phone = "8 (921) 000-00-00";
    order.lines = {{.line_id = "1", .amount = 199900}};
    return order;
  }

  Result<OrderOutcome> Place(const OrderRequest& order) {
    return Write<OrderOutcome>([&](Transaction& transaction) {
      return PlaceOrder(transaction, site_, programme_, order);
    });
  }

  passmint::testing::TemporaryDirectory directory_;
  passmint::testing::FakeClock clock_;
  Site site_;
  ProgrammeSite programme_ = {.programme = {.id = ProgrammeId("coffee"),
                                            .name = "Bean & Leaf",
                                            .currency = *Currency::Find("RUB"),
                                            .time_zone = "Europe/Moscow",
                                            .region = "RU",
                                            .languages = {"ru", "en"},
                                            .templates = {TemplateName("points")},
                                            .card_number = {}},
                              .apple = nullptr,
                              .google = nullptr};
  std::unique_ptr<Store> store_;
};

}  // namespace passmint::issuance
