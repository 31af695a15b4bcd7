#include "ledger/codec.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "base/bytes.h"
#include "unit/ledger/generators.h"

namespace passmint::ledger {
namespace {

using testing::AnyEntry;
using testing::AnyHold;
using testing::AnyLot;
using testing::AnyOrder;
using testing::AnyState;

constexpr std::int64_t kNoon = 1'795'262'400'000'000;  // 2026-11-21T12:00:00Z
constexpr std::int64_t kDay = 86'400'000'000;

// What most entries are: an order of one line that earned points for half a year.
Entry Accrual() {
  Entry entry;
  entry.sequence = 7;
  entry.time = FromMicros(kNoon);
  entry.effective_at = entry.time;
  entry.type = EntryType::kEarn;
  entry.actor = "till";
  entry.document = {DocumentType::kOrder, "web", "1042", ""};
  entry.transfers = {{AssetId(kPointsAsset), Book::kIssuer, Book::kActive, 125, ""}};
  Lot lot;
  lot.id = 3;
  lot.asset = AssetId(kPointsAsset);
  lot.original = lot.available = 125;
  lot.activates_at = entry.time;
  lot.expires_at = FromMicros(kNoon + 180 * kDay);
  lot.document = entry.document;
  entry.lots = {lot};
  OrderRecord order;
  order.key = {"web", "1042"};
  order.asset = AssetId(kPointsAsset);
  LineRecord& line = order.lines.emplace_back();
  line.line_id = "1";
  line.paid = 2500;
  line.earned = 125;
  order.lots = {3};
  entry.order = order;
  entry.derivations = {{.rule = "base",
                        .rule_set_version = 2,
                        .base_minor = 2500,
                        .ppm = 50'000,
                        .rounding = "floor",
                        .points = 125}};
  entry.amount = 125;
  entry.available_after = 400;
  return entry;
}

// If this fails, journals that exist would no longer be readable, or would hash to something else:
// a change of the format is a new version beside this one.
TEST(CodecTest, ABodyHasTheseBytesForEver) {
  EXPECT_EQ(ToHex(EncodeBody(Accrual())),
            "0132"                            // Version; document, order, derivations.
            "0080c08b9a83b2b006"              // Earn; time.
            "0474696c6c"                      // Actor.
            "0103776562043130343200"          // Order "1042" of "web".
            "010301007d00"                    // One transfer: issuer to active, points, 125.
            "01417d03008080fcb69f8907"        // One lot: available, expires.
            "08018302c4137d01310103"          // The order: one line, one lot.
            "010462617365048827a08d06fa0100"  // One derivation.
            "fa019003"                        // Amount; available after.
  );
}

// The same for half a year after each activity, at one of which points of a year lived on.
Entry SlidingAccrual() {
  Entry entry = Accrual();
  entry.lots[0].slides = SlidingTerm{.months = 0, .days = 180};
  entry.slides = {{SlidingTerm{.months = 12, .days = 0, .end = SlidingTerm::End::kMonth},
                   FromMicros(kNoon + 365 * kDay)}};
  return entry;
}

TEST(CodecTest, WhatSlidesHasTheseBytesForEver) {
  EXPECT_EQ(ToHex(EncodeBody(SlidingAccrual())),
            "01b202"                              // Version; document, order, derivations, slides.
            "0080c08b9a83b2b006"                  // Earn; time.
            "0474696c6c"                          // Actor.
            "0103776562043130343200"              // Order "1042" of "web".
            "010301007d00"                        // One transfer: issuer to active, points, 125.
            "01c1207d03008080fcb69f890700b40100"  // One lot: available, expires, slides: 180 days.
            "08018302c4137d01310103"              // The order: one line, one lot.
            "010462617365048827a08d06fa0100"      // One derivation.
            "010c000180809fc1d1ab0e"  // One slide: 12 months, to the month's end; until.
            "fa019003"                // Amount; available after.
  );
}

TEST(CodecTest, RefusesATermThatNoRuleHasAndAnEndThatIsNone) {
  Lot lot = SlidingAccrual().lots[0];
  const std::string bytes = EncodeLot(lot);
  ASSERT_TRUE(DecodeLot(bytes).ok());
  EXPECT_EQ(DecodeLot(bytes.substr(0, bytes.size() - 1) + '\x04').error().message,
            "lot, byte " + std::to_string(bytes.size()) + ": an unknown kind");
  lot.slides->days = kTermCountMax + 1;
  EXPECT_NE(DecodeLot(EncodeLot(lot)).error().message.find("a term that no rule has"),
            std::string::npos);
}

TEST(CodecTest, TheExportNamesWhatSlides) {
  const Json json = ToJson(SlidingAccrual());
  EXPECT_EQ(json["lots"][0]["slides"], (Json{{"months", 0}, {"days", 180}, {"round_to", "day"}}));
  EXPECT_EQ(json["slides"][0]["term"], (Json{{"months", 12}, {"days", 0}, {"round_to", "month"}}));
  EXPECT_EQ(json["slides"][0]["until"], "2027-11-21T12:00:00Z");
  EXPECT_FALSE(ToJson(Accrual()).contains("slides"));
}

TEST(CodecTest, AnAccrualTakesLessThanHundredBytes) {
  EXPECT_LT(EncodeBody(Accrual()).size(), 100U);
}

RC_GTEST_PROP(CodecProperty, BodiesComeBack, ()) {
  const Entry entry = *AnyEntry();
  const auto back = DecodeBody(entry.sequence, EncodeBody(entry));
  RC_ASSERT(back.ok());
  RC_ASSERT(back.value() == entry);
}

RC_GTEST_PROP(CodecProperty, LotsComeBack, ()) {
  const Lot lot = *AnyLot();
  const auto back = DecodeLot(EncodeLot(lot));
  RC_ASSERT(back.ok());
  RC_ASSERT(back.value() == lot);
}

RC_GTEST_PROP(CodecProperty, HoldsComeBack, ()) {
  const Hold hold = *AnyHold();
  const auto back = DecodeHold(EncodeHold(hold));
  RC_ASSERT(back.ok());
  RC_ASSERT(back.value() == hold);
}

RC_GTEST_PROP(CodecProperty, OrdersComeBack, ()) {
  const OrderRecord order = *AnyOrder();
  const auto back = DecodeOrder(EncodeOrder(order));
  RC_ASSERT(back.ok());
  RC_ASSERT(back.value() == order);
}

RC_GTEST_PROP(CodecProperty, StatesComeBack, ()) {
  const Account account = *AnyState();
  const auto back = DecodeState(EncodeState(account));
  RC_ASSERT(back.ok());
  RC_ASSERT(back.value().last_time == account.last_time);
  RC_ASSERT(back.value().decided_at == account.decided_at);
  RC_ASSERT(back.value().next_lot == account.next_lot);
  RC_ASSERT(back.value().balances == account.balances);
  RC_ASSERT(back.value().lots == account.lots);
  RC_ASSERT(back.value().holds == account.holds);
  RC_ASSERT(back.value().merged_into == account.merged_into);
  RC_ASSERT(back.value().merged_offset == account.merged_offset);
}

// So no two texts of bytes mean the same entry, and none is read as something else.
RC_GTEST_PROP(CodecProperty, WhatIsReadIsWhatWouldBeWritten, ()) {
  std::string body = EncodeBody(*AnyEntry());
  const std::size_t at = *rc::gen::inRange<std::size_t>(0, body.size());
  body[at] = *rc::gen::arbitrary<char>();
  const auto entry = DecodeBody(1, body);
  if (entry.ok()) RC_ASSERT(EncodeBody(entry.value()) == body);
}

RC_GTEST_PROP(CodecProperty, ACutBodyIsRefusedWhereverItWasCut, ()) {
  const std::string body = EncodeBody(*AnyEntry());
  for (std::size_t size = 0; size < body.size(); ++size) {
    const auto entry = DecodeBody(1, std::string_view(body).substr(0, size));
    RC_ASSERT(!entry.ok());
    RC_ASSERT(entry.error().code == ErrorCode::kInternal);
  }
  RC_ASSERT(!DecodeBody(1, body + '\0').ok());
}

RC_GTEST_PROP(CodecProperty, ACutStateIsRefusedWhereverItWasCut, ()) {
  const std::string state = EncodeState(*AnyState());
  for (std::size_t size = 0; size < state.size(); ++size) {
    RC_ASSERT(!DecodeState(std::string_view(state).substr(0, size)).ok());
  }
}

TEST(CodecTest, SaysWhereTheBytesAreWrong) {
  const std::string body = EncodeBody(Accrual());
  EXPECT_EQ(DecodeBody(1, "").error().message, "journal entry, byte 0: the bytes end too early");
  EXPECT_EQ(DecodeBody(1, body + "x").error().message,
            "journal entry, byte " + std::to_string(body.size()) + ": bytes follow after the end");
  EXPECT_EQ(DecodeBody(1, "\x02").error().message,
            "journal entry, byte 1: a version that this program does not know");
  EXPECT_EQ(DecodeOrder("\x01\x81").error().message, "order, byte 2: the bytes end too early");
}

TEST(CodecTest, RefusesANumberWithPadding) {
  // Version 1 as two bytes.
  EXPECT_FALSE(DecodeLot("\x81" + std::string(1, '\0')).ok());
  EXPECT_FALSE(DecodeLot(std::string(10, '\xff')).ok());
}

TEST(CodecTest, RefusesAnInstantBefore1970) {
  const std::string bytes("\x01\x00\x01\x01", 4);  // Lot 1, active a microsecond before.
  EXPECT_EQ(DecodeLot(bytes).error().message, "lot, byte 4: an instant before 1970");
}

TEST(CodecTest, ManyElementsAreRefusedBeforeTheyTakeMemory) {
  std::string bytes = "\x01";       // An order
  bytes += std::string(1, '\x01');  // with a key of its own
  bytes += std::string(
      "\x01"
      "a\x01"
      "b",
      4);
  bytes += "\xff\xff\xff\xff\x0f";  // and four thousand million lines.
  const auto order = DecodeOrder(bytes);
  ASSERT_FALSE(order.ok());
  EXPECT_EQ(order.error().message, "order, byte 11: more elements than bytes");
}

TEST(CodecTest, TheExportNamesEveryField) {
  Entry entry = Accrual();
  entry.note_hash = "\x01\x02";
  entry.peer = "a_2";
  entry.peer_sequence = 9;
  const Json json = ToJson(entry);
  EXPECT_EQ(json["sequence"], 7);
  EXPECT_EQ(json["time"], "2026-11-21T12:00:00Z");
  EXPECT_EQ(json["type"], "earn");
  EXPECT_EQ(json["document"], (Json{{"type", "order"}, {"source", "web"}, {"id", "1042"}}));
  EXPECT_EQ(json["transfers"][0]["debit"], "issuer");
  EXPECT_EQ(json["transfers"][0]["credit"], "member:active");
  EXPECT_EQ(json["lots"][0]["expires_at"], "2027-05-20T12:00:00Z");
  EXPECT_EQ(json["order"]["lines"][0]["paid"], 2500);
  EXPECT_EQ(json["derivations"][0]["rate_ppm"], 50'000);
  EXPECT_EQ(json["note_hash"], "0102");
  EXPECT_EQ(json["peer"]["sequence"], 9);
}

TEST(CodecTest, TheExportSaysNullForNever) {
  Entry entry = Accrual();
  entry.lots[0].expires_at = kNever;
  EXPECT_TRUE(ToJson(entry)["lots"][0]["expires_at"].is_null());
}

}  // namespace
}  // namespace passmint::ledger
