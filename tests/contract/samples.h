#pragma once

#include <chrono>
#include <cstdio>
#include <string>

#include "cards/card.h"
#include "cards/member.h"
#include "issuance/store.h"
#include "support/fake_clock.h"

namespace passmint::testing {

inline const ProgrammeId kCoffee("coffee");
inline const ProgrammeId kTea("tea");
inline const OrderSource kWeb("web");
inline const TemplateName kTemplate("coffee");

inline Timestamp Start() { return FromMicros(FakeClock::kStart); }

// 32 hex digits that grow with `n`, as those of a UUIDv7 grow with time.
inline std::string HexId(int n) {
  char text[33];
  (void)std::snprintf(text, sizeof text, "%032x", static_cast<unsigned>(n));
  return text;
}

inline MemberId MemberIdOf(int n) { return MemberId("m_" + HexId(n)); }

inline cards::Member SampleMember(int n) {
  cards::Member member;
  member.id = MemberIdOf(n);
  member.name = "Анна " + std::to_string(n);
  member.locale = "ru";
  member.birthday = std::chrono::year(1990) / 2 / 28;
  member.attributes = {{"size", "M"}, {"visits", n}, {"vip", true}};
  member.created_at = Start();
  return member;
}

inline CardNumber NumberOf(int n) { return CardNumber("9" + std::to_string(100'000'000 + n)); }

inline cards::Card SampleCard(int n, const MemberId& member) {
  cards::Card card;
  card.id = HexId(n);
  card.member = member;
  card.number = NumberOf(n);
  card.template_name = kTemplate;
  card.link_token = LinkToken("link" + std::to_string(n));
  card.serial = SerialNumber("serial" + std::to_string(n));
  card.google_suffix = "google" + std::to_string(n);
  card.key_id = "k1";
  card.changed_at = Start();
  card.created_at = Start() + std::chrono::seconds(n);
  return card;
}

inline issuance::Order SampleOrder(const std::string& id, const MemberId& member) {
  return issuance::Order{.id = OrderId(id),
                         .source = kWeb,
                         .fingerprint = "k1:abc",
                         .member = member,
                         .card_id = HexId(1),
                         .total_minor = 199900,
                         .paid_at = Start(),
                         .received_at = Start() + std::chrono::microseconds(1),
                         .body = R"({"lines":[{"sku":"ESP-1"}]})",
                         .answer = {{"points", 0}},
                         .account = {},
                         .record = {}};
}

}  // namespace passmint::testing
