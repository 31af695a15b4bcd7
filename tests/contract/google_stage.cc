#include "contract/google_stage.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "crypto/master_key.h"
#include "crypto/private_key.h"
#include "issuance/orders.h"
#include "programme/rules.h"
#include "simulate/service_client.h"
#include "store/open.h"
#include "support/seeded_random.h"

namespace passmint::issuance {
namespace {

design::TemplateFiles ShippedTemplate(const std::string& name) {
  const std::filesystem::path folder = PASSMINT_SOURCE_DIR "/templates/" + name;
  design::TemplateFiles files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    files[entry.path().lexically_relative(folder).string()] = text.str();
  }
  return files;
}

}  // namespace

GoogleStage::GoogleStage(std::string template_name) : template_(std::move(template_name)) {
  MakeSite();
  store_ = store::Open("sqlite:" + (directory_ / "test.db"), clock_).value();
  PublishTemplate();
  http_ = std::make_unique<google_rest::HttpClient>("");
  api_ = std::make_unique<google_rest::WalletRest>(
      google_rest::WalletRestOptions{
          .api_url = url_,
          .token_url = url_ + "/token",
          .accounts =
              {{programme().programme.id,
                {"test@example.iam.gserviceaccount.com",
                 std::make_shared<const crypto::Rs256Signer>(
                     crypto::Rs256Signer::Create(crypto::GenerateRsa2048().value()).value())}}}},
      *http_, clock_, *site_.random);
  maker_ = std::make_unique<CardMaker>(site_, *store_, clock_);
  cards_ = std::make_unique<GoogleCards>(*store_, site_, *maker_, *api_, clock_);
}

void GoogleStage::MakeSite() {
  site_.public_url = "https://cards.example.com";
  site_.google_save_url = "https://pay.google.com/gp/v/save/";
  site_.keys = std::make_shared<const crypto::KeyRing>(
      crypto::KeyRing::Parse(
          Secret("k1:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"))
          .value());
  site_.random = std::make_shared<passmint::testing::SeededRandom>();
  fake_ = simulate::FakeGoogle::Start({}, clock_, *site_.random).value();
  url_ = "http://127.0.0.1:" + std::to_string(fake_->port());
  const crypto::PrivateKey key = crypto::GenerateRsa2048().value();
  const ProgrammeId id("coffee");
  ProgrammeSite programme{.programme = {.id = id,
                                        .name = "Bean & Leaf",
                                        .currency = *Currency::Find("RUB"),
                                        .time_zone = "Europe/Moscow",
                                        .region = "RU",
                                        .languages = {"en", "ru"},
                                        .templates = {TemplateName(template_)},
                                        .card_number = {}},
                          .apple = nullptr,
                          .google = std::make_shared<const GoogleIdentity>(GoogleIdentity{
                              IssuerId(kIssuer), "test@example.iam.gserviceaccount.com",
                              crypto::Rs256Signer::Create(key).value()})};
  programme.rules = programme::ParseRules(json::Parse(R"({"format": 1,
                          "points": {"exponent": 0, "value": {"points": 1, "minor": 100},
                                     "rounding": "floor"},
                          "earn": [{"id": "base", "kind": "percent", "ppm": 50000}]})",
                                                      1000)
                                              .value(),
                                          1)
                        .value();
  site_.programmes.emplace(id, std::move(programme));
}

void GoogleStage::PublishTemplate() {
  const design::TemplateFiles files = ShippedTemplate(template_);
  const auto ready = PreparePublish(files, site_, programme(), clock_.Now());
  ASSERT_TRUE(ready.ok()) << ready.error().message;
  Must([&](Transaction& transaction) -> Status {
    auto done = Publish(transaction, programme().programme.id, ready.value(),
                        {.name = TemplateName(template_),
                         .files = files,
                         .ring = 100,
                         .author = ApiKeyName("a"),
                         .published_by = ApiKeyName("a"),
                         .comment = {}});
    return done.ok() ? Status() : Status(std::move(done).error());
  });
}

void GoogleStage::Must(const std::function<Status(Transaction&)>& fn) {
  const Status written = store_->Write(fn);
  ASSERT_TRUE(written.ok()) << written.error().message;
}

cards::Card GoogleStage::Pay(int n) {
  cards::Card card;
  Must([&](Transaction& transaction) -> Status {
    OrderRequest order;
    order.id = OrderId("order-" + std::to_string(++orders_));
    order.source = OrderSource("web");
    order.paid_at = FormatRfc3339(clock_.Now());
    order.currency = "RUB";
    order.total = 10'000;
    order.customer.phone = "+7921000000" + std::to_string(n);
    order.lines = {{.line_id = "1", .amount = 10'000}};
    auto placed = PlaceOrder(transaction, site_, programme(), order);
    if (!placed.ok()) return std::move(placed).error();
    auto found = transaction.FindCard(programme().programme.id, placed.value().card.id);
    if (!found.ok()) return std::move(found).error();
    card = *std::move(found).value();
    return {};
  });
  return card;
}

std::string GoogleStage::Tap(const cards::Card& card) {
  const auto current = FindByLinkToken(*store_, site_, card.link_token);
  const auto url = cards_->SaveUrl(current.value());
  EXPECT_TRUE(url.ok());
  return url.ok() ? url.value() : "";
}

void GoogleStage::Settle(int most) {
  for (int i = 0; i < most; ++i) {
    const auto round = cards_->RunRound(programme());
    ASSERT_TRUE(round.ok()) << round.error().message;
    if (round.value().wait > std::chrono::microseconds(0)) {
      clock_.Advance(round.value().wait);
    } else if (round.value().done + round.value().failed == 0) {
      return;
    }
  }
}

Json GoogleStage::Ask(const std::string& method, const std::string& path, const Json& body) {
  simulate::ServiceClient client;
  const auto answer = client.Send(method, url_ + path, {}, body.is_null() ? "" : json::Dump(body));
  return json::Parse(answer.value().body, answer.value().body.size()).value();
}

Json GoogleStage::AtGoogle(const cards::Card& card) {
  return Ask("GET", "/fake/objects/" + std::string(kIssuer) + "." + card.google_suffix);
}

int GoogleStage::NotificationsOf(const cards::Card& card) {
  return AtGoogle(card)["notifications"].get<int>();
}

}  // namespace passmint::issuance
