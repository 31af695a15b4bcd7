#include "wallet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "ledger/chain.h"

namespace passmint::ledger::testing {
namespace {

const ProgrammeId kProgramme("cafe");

std::string ReasonOf(const Result<Change>& result) {
  if (!result.ok()) return result.error().reason;
  ADD_FAILURE() << "it was not refused";
  return "";
}

Change ValueOf(Result<Change> result) {
  if (result.ok()) return std::move(result).value();
  ADD_FAILURE() << result.error().reason << ": " << result.error().message;
  return {};
}

}  // namespace

LineRecord Line(std::int64_t paid, std::int64_t earned, std::int64_t value, std::int64_t burned) {
  LineRecord line;
  line.paid = paid;
  line.earned = earned;
  line.value = value;
  line.burned = burned;
  return line;
}

Refund RefundOf(const std::string& id, std::int64_t amount) {
  return {.refund_id = id, .lines = {}, .amount = amount};
}

Refund RefundOfLine(const std::string& id, RefundLine line) {
  return {.refund_id = id, .lines = {line}, .amount = 0};
}

PayOrder Sale(const std::string& id, std::vector<LineRecord> lines, Timestamp activates_at,
              Timestamp expires_at) {
  PayOrder pay;
  pay.order.key = {.source = "web", .id = id};
  pay.order.asset = kPoints;
  std::int64_t earned = 0;
  for (const LineRecord& line : lines) earned += line.earned;
  pay.order.lines = std::move(lines);
  if (earned > 0) {
    Earning earning;
    earning.asset = kPoints;
    earning.amount = earned;
    earning.activates_at = activates_at;
    earning.expires_at = expires_at;
    pay.earnings.push_back(earning);
  }
  return pay;
}

Wallet::Wallet(const std::string& id) : rebuilder_(kProgramme, AccountId(id)) {
  account.id = AccountId(id);
  account.head = Genesis(kProgramme, account.id);
}

Context Wallet::context() const {
  return {.now = now, .actor = "till", .policy = policy, .note_hash = {}};
}

Result<Change> Wallet::Do(const Command& command) {
  Result<Change> done = Apply(account, nullptr, command, context());
  if (done.ok()) Keep(done.value());
  return done;
}

Change Wallet::Must(const Command& command) { return ValueOf(Do(command)); }

std::string Wallet::Refused(const Command& command) { return ReasonOf(Do(command)); }

Change Wallet::Pay(const std::string& id, std::vector<LineRecord> lines,
                   std::chrono::microseconds lifetime, std::optional<HoldId> hold) {
  PayOrder pay = Sale(id, std::move(lines), now, now + lifetime);
  pay.hold = std::move(hold);
  return Must(pay);
}

Change Wallet::Give(std::int64_t amount, std::chrono::microseconds lifetime) {
  return Must(Adjust{
      .asset = kPoints,
      .amount = amount,
      .expires_at = now + lifetime,
      .funder = {},
      .document = {.type = DocumentType::kAdjustment, .source = {}, .id = "gift", .parent = {}}});
}

Change Wallet::PlaceHoldOf(const std::string& id, std::int64_t amount,
                           std::chrono::microseconds lifetime) {
  return Must(PlaceHold{.id = HoldId(id),
                        .asset = kPoints,
                        .amount = amount,
                        .lifetime = lifetime,
                        .order_source = {},
                        .order_id = {}});
}

Result<Change> Wallet::TryRefund(const std::string& order, const Refund& refund) {
  Result<Change> done = Apply(account, &orders.at(order), refund, context());
  if (done.ok()) Keep(done.value());
  return done;
}

Change Wallet::Repay(const std::string& order, const Refund& refund) {
  return ValueOf(TryRefund(order, refund));
}

std::string Wallet::RefundRefused(const std::string& order, const Refund& refund) {
  return ReasonOf(TryRefund(order, refund));
}

void Wallet::Keep(const Change& change) {
  account = change.account;
  if (change.order.has_value()) orders[change.order->key.id] = *change.order;
  const Status sound = CheckInvariants(account, true);
  EXPECT_TRUE(sound.ok()) << sound.error().message;
  for (const PostedEntry& posted : change.entries) {
    journal.push_back(posted.entry);
    const Status folded = rebuilder_.Add(posted.entry.sequence, posted.body, posted.hash);
    ASSERT_TRUE(folded.ok()) << folded.error().reason << ": " << folded.error().message;
  }
  EXPECT_EQ(account.sequence, static_cast<std::int64_t>(journal.size()));
  EXPECT_EQ(StateHash(rebuilder_.account()), StateHash(account));
  for (const auto& [key, order] : rebuilder_.orders()) EXPECT_EQ(order, orders.at(key.id));
}

const Lot& Wallet::lot(LotId id) const {
  const auto found = std::find_if(account.lots.begin(), account.lots.end(),
                                  [id](const Lot& one) { return one.id == id; });
  return *found;
}

std::string Wallet::open_lots() const {
  std::string text;
  for (const Lot& one : account.lots) {
    if (one.pending == 0 && one.available == 0) continue;
    if (!text.empty()) text += " ";
    text += std::to_string(one.id) + ":" + std::to_string(one.available);
    if (one.pending > 0) text += "+" + std::to_string(one.pending);
  }
  return text;
}

std::string Story(const Change& change) {
  std::string text;
  for (const PostedEntry& posted : change.entries) {
    const Entry& entry = posted.entry;
    if (!text.empty()) text += ", ";
    text += std::string(ToText(entry.type)) + (entry.amount < 0 ? " " : " +") +
            std::to_string(entry.amount) + " =" + std::to_string(entry.available_after);
  }
  return text;
}

}  // namespace passmint::ledger::testing
