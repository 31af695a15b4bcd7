#include "bench/ledger/shop.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>
#include <vector>

#include "app/ledger_import.h"
#include "app/system_clock.h"
#include "bench/ledger/load.h"
#include "crypto/master_key.h"
#include "crypto/system_random.h"
#include "issuance/idempotency.h"
#include "issuance/import.h"
#include "issuance/points.h"
#include "issuance/prepared_order.h"
#include "programme/rules.h"
#include "store/open.h"
#include "support/published_design.h"

namespace passmint::bench {
namespace {

const ProgrammeId kCoffee("coffee");

void Must(const Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "bench_ledger: error: %s\n", status.error().message.c_str());
  std::_Exit(1);
}

template <class T>
T Must(Result<T> result) {
  if (!result.ok()) Must(Status(result.error()));
  return std::move(result).value();
}

programme::RuleSet Rules(const std::string& text) {
  constexpr std::size_t kBytesMax = 1'000'000;
  return Must(programme::ParseRules(Must(json::Parse(text, kBytesMax)), 1));
}

issuance::OrderRequest Order(int member, const std::string& id, Timestamp now) {
  issuance::OrderRequest order;
  order.id = OrderId(id);
  order.source = OrderSource("web");
  order.paid_at = FormatRfc3339(now);
  order.currency = "RUB";
  order.total = 199900;
  order.customer.phone = PhoneOf(member);
  order.lines = {{.line_id = "1", .sku = "ESP-1", .category = "coffee", .amount = 199900}};
  order.actor = "till";
  return order;
}

issuance::MemberToImport Member(int member, Timestamp now) {
  issuance::MemberToImport imported;
  imported.id = "id-" + std::to_string(member);
  imported.customer.phone = PhoneOf(member);
  imported.points = {
      {.points = 99, .earned_at = {}, .expires_at = now + std::chrono::hours(24 * 365)}};
  imported.content = imported.id;
  imported.fingerprint = "k1:" + std::string(64, 'f');
  return imported;
}

}  // namespace

void WriteMembers(const std::string& file, int members) {
  std::ofstream out(file);
  for (int n = 0; n < members; ++n) {
    out << R"({"type":"member","id":"id-)" << n << R"(","customer":{"phone":")" << PhoneOf(n)
        << R"(","name":"Member )" << n << R"("},"points":[{"points":)" << 1 + n % 900
        << R"(,"earned_at":"2026-01-01T00:00:00Z","expires_at":"2099-01-01T00:00:00Z"}]})" << '\n';
  }
}

std::string PhoneOf(int member) {
  std::string digits = std::to_string(member);
  return "+7921" + std::string(7 - digits.size(), '0') + digits;
}

Shop::Shop(const std::string& url, const std::string& rules)
    : clock_(std::make_unique<app::SystemClock>()) {
  store_ = Must(store::Open(url, *clock_));
  Prepare(rules);
}

Shop::Shop(std::unique_ptr<issuance::Store> store)
    : clock_(std::make_unique<app::SystemClock>()), store_(std::move(store)) {
  Prepare(kPlainRules);
}

void Shop::Prepare(const std::string& rules) {
  site_.public_url = "https://cards.example.com";
  site_.random = std::make_shared<crypto::SystemRandom>();
  site_.keys = std::make_shared<const crypto::KeyRing>(Must(crypto::KeyRing::Parse(
      Secret("k1:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"))));
  cards::Programme programme{.id = kCoffee,
                             .name = "Bean & Leaf",
                             .currency = *Currency::Find("RUB"),
                             .time_zone = "Europe/Moscow",
                             .region = "RU",
                             .languages = {"ru", "en"},
                             .templates = {TemplateName("points")},
                             .card_number = {}};
  site_.programmes.emplace(kCoffee, issuance::ProgrammeSite{.programme = std::move(programme),
                                                            .apple = nullptr,
                                                            .google = nullptr,
                                                            .rules = Rules(rules)});
  Must(store_->Write([](issuance::Transaction& t) -> Status {
    auto known = t.DesignVersions(kCoffee, TemplateName("points"));
    if (!known.ok() || !known.value().empty()) return {};
    return t.InsertDesignVersion(kCoffee,
                                 testing::PublishedDesign(TemplateName("points"), t.Now()));
  }));
}

Shop::~Shop() = default;

void Shop::Fill(int members) {
  const issuance::ProgrammeSite& programme = *site_.Find(kCoffee);
  constexpr int kBatch = 500;
  for (int first = 0; first < members; first += kBatch) {
    Must(store_->Write([&](issuance::Transaction& t) -> Status {
      for (int n = first; n < first + kBatch && n < members; ++n) {
        auto imported = issuance::ImportMember(t, site_, programme, Member(n, t.Now()));
        if (!imported.ok()) return imported.error();
        auto id = t.FindMemberByIdentity(kCoffee, cards::IdentityType::kPhone, PhoneOf(n));
        if (!id.ok()) return id.error();
        auto cards = t.CardsOfMember(kCoffee, *id.value());
        if (!cards.ok()) return cards.error();
        // With a phone, so that every order promises it a push.
        auto put = t.PutRegistration(kCoffee, DeviceLibraryIdentifier("d" + std::to_string(n)),
                                     PushToken("ab" + std::to_string(n)), cards.value().front().id);
        if (!put.ok()) return std::move(put).error();
      }
      return {};
    }));
    // As an import does; where it did not, PostgreSQL would by itself after a minute.
    if (first == 0) Must(store_->RefreshStatistics());
  }
  Must(store_->RefreshStatistics());
}

Shop::ImportRates Shop::Import(const std::string& file) {
  const issuance::ProgrammeSite& programme = *site_.Find(kCoffee);
  const app::ImportEvents events{
      .on_bad_line = [](std::int64_t, const Error& error) { Must(Status(error)); },
      .on_progress = [](std::int64_t, const issuance::ImportTally&) {}};
  const auto begun = std::chrono::steady_clock::now();
  const std::int64_t lines =
      Must(app::CheckImportFile(file, site_, programme, clock_->Now(), events));
  const double check = MillisecondsSince(begun) / 1000;
  Must(app::ImportFile(file, *store_, site_, programme, clock_->Now(), events));
  const double all = MillisecondsSince(begun) / 1000;
  return {.import = static_cast<double>(lines) / (all - check),
          .with_check = static_cast<double>(lines) / all};
}

void Shop::FillLots(int member, int lots) {
  const issuance::ProgrammeSite& programme = *site_.Find(kCoffee);
  constexpr int kBatch = 500;
  MemberId id;
  Must(store_->Read([&](issuance::Transaction& t) -> Status {
    auto found = t.FindMemberByIdentity(kCoffee, cards::IdentityType::kPhone, PhoneOf(member));
    if (!found.ok()) return found.error();
    id = found.value().value_or(MemberId());
    return {};
  }));
  for (int first = 0; first < lots; first += kBatch) {
    Must(store_->Write([&](issuance::Transaction& t) -> Status {
      ledger::Import import;
      for (int n = first; n < first + kBatch && n < lots; ++n) {
        import.lots.push_back({.asset = ledger::AssetId(ledger::kPointsAsset),
                               .amount = 1 + n % 7,
                               .activates_at = t.Now(),
                               .expires_at = t.Now() + std::chrono::hours(24 * (30 + n % 300)) +
                                             std::chrono::seconds(n),
                               .funder = {},
                               .derivations = {}});
      }
      auto moved = issuance::MovePoints(t, programme, issuance::AccountFor(id), nullptr, import,
                                        {.actor = "bench", .note = nullptr, .random = nullptr});
      return moved.ok() ? Status() : Status(moved.error());
    }));
  }
}

void Shop::Accrue(int member, const std::string& order) {
  const issuance::ProgrammeSite& programme = *site_.Find(kCoffee);
  const Timestamp now = clock_->Now();
  const issuance::PreparedOrder request =
      issuance::PrepareOrder(site_, programme, Order(member, order, now), now);
  const issuance::KeyedRequest keyed{.scope = "coffee POST /api/v1/orders",
                                     .key = IdempotencyKey(order),
                                     .content = order,
                                     .looked = true};
  bool first = true;
  Must(issuance::RunOnce(
      *store_, site_, keyed,
      [&](issuance::Transaction& t) -> Result<issuance::Answer> {
        auto placed = std::exchange(first, false)
                          ? issuance::PlaceNewOrder(t, site_, programme, request)
                          : issuance::PlaceOrder(t, site_, programme, request);
        if (!placed.ok()) return placed.error();
        return issuance::Answer{
            .status = 201,
            .body = json::Dump(
                Json{{"order_id", order}, {"available", placed.value().points.available}}),
            .about = placed.value().member.id,
            .replayed = false};
      },
      [](const Error& error) {
        return issuance::Answer{.status = 409, .body = error.message, .about = {}, .replayed = {}};
      }));
}

void Shop::Look(int member) {
  Must(store_->Read([&](issuance::Transaction& t) -> Status {
    auto found = t.FindMemberByIdentity(kCoffee, cards::IdentityType::kPhone, PhoneOf(member));
    if (!found.ok()) return found.error();
    auto points = issuance::PointsOf(t, kCoffee, issuance::AccountFor(*found.value()));
    return points.ok() ? Status() : Status(points.error());
  }));
}

std::int64_t Shop::Spent(const std::string& budget) {
  std::int64_t spent = 0;
  Must(store_->Read([&](issuance::Transaction& t) -> Status {
    auto all = t.BudgetsSpent(kCoffee);
    if (!all.ok()) return all.error();
    spent = all.value()[budget];
    return {};
  }));
  return spent;
}

}  // namespace passmint::bench
