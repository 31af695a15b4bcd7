#include "apple/internal/pass_rules.h"

#include <gtest/gtest.h>

#include "apple/verify.h"
#include "fixtures.h"

namespace passmint::apple {
namespace {

// A pass that has a value behind nearly every key that a rule looks at.
const Json& FullPass() {
  static const Json pass = [] {
    Json full = test::PassOf(test::Coffee(R"json({"poster": {}, "apple": {
        "nfc": {"message": "m", "encryptionPublicKey": "k", "requiresAuthentication": true},
        "relevantDates": [{"date": "2026-12-01T10:00Z", "relevantDate": "2026-12-01T10:00Z"},
                          {"startDate": "2026-12-01T10:00Z", "endDate": "2026-12-01T11:00Z"}],
        "relevantDate": "2026-12-01T10:00Z", "stripColor": "rgb(1, 2, 3)",
        "beacons": [{"proximityUUID": "E2C56DB5-DFFB-48D2-B060-D0F5A71096E0", "major": 1}],
        "featuredActions": [{"identifier": "a", "type": "shop", "url": "https://example.com"}],
        "upcomingPassInformation": [{"identifier": "a", "name": "b", "type": "event",
            "images": {"headerImage": {"URLs": [{"URL": "https://example.com", "SHA256": "0"}]}}}],
        "preferredStyleSchemes": ["posterEventTicket", "semanticBoardingPass"],
        "associatedStoreIdentifiers": [1], "contactVenueEmail": "a@b.c",
        "semantics": {"eventType": "PKEventTypeSports", "seats": [{"seatNumber": "1"}],
            "balance": {"amount": "1", "currencyCode": "EUR"}}}})json"));
    full["boardingPass"] = full["storeCard"];
    full["eventTicket"] = full["storeCard"];
    full["storeCard"]["headerFields"][0]["row"] = 1;
    full["storeCard"]["headerFields"][0]["textAlignment"] = "PKTextAlignmentLeft";
    full["storeCard"]["headerFields"][0]["dataDetectorTypes"] = Json::array();
    full["storeCard"]["headerFields"][0]["currencyCode"] = "EUR";
    return full;
  }();
  return pass;
}

void CollectPointers(const Json& value, const std::string& pointer,
                     std::vector<std::string>& pointers) {
  pointers.push_back(pointer);
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) {
      CollectPointers(inner, json::Child(pointer, key), pointers);
    }
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      CollectPointers(value[i], json::Child(pointer, i), pointers);
    }
  }
}

std::size_t CountFindings(const Json& pass) {
  const std::vector<internal::LanguageStrings> strings = {{"en", {{"a", ""}}}};
  const std::set<std::string> images;
  return internal::CheckPass({.json = pass,
                              .strings = strings,
                              .images = images,
                              .pass_type = "pass.a",
                              .team = "T",
                              .nfc_certificate = false,
                              .now = test::Now()})
      .size();
}

TEST(PassRulesTest, AnswerWhateverStandsWhere) {
  std::vector<std::string> pointers;
  CollectPointers(FullPass(), "", pointers);
  ASSERT_GT(pointers.size(), 150u);
  const Json values[] = {nullptr,
                         true,
                         1,
                         -1.5,
                         "",
                         "%@ < \xF0\x9F\x98\x80",
                         "rgb(",
                         Json::array(),
                         Json::object(),
                         {1},
                         {{"a", 1}},
                         Json::array({Json::array(), Json::object()})};
  for (const std::string& pointer : pointers) {
    for (const Json& value : values) {
      Json pass = FullPass();
      pass[Json::json_pointer(pointer)] = value;
      EXPECT_GT(CountFindings(pass), 0u) << pointer;
    }
    if (pointer.empty()) continue;
    // Without that member at all.
    Json pass = FullPass();
    const Json::json_pointer place(pointer);
    Json& parent = pass[place.parent_pointer()];
    if (parent.is_object()) parent.erase(place.back());
    EXPECT_GT(CountFindings(pass), 0u) << pointer;
  }
}

TEST(PassRulesTest, ReadDatesAsWalletDoes) {
  for (const char* good : {"2026-11-21T10:00Z", "2026-11-21T10:00:00Z", "2026-11-21T10:00+03:00",
                           "2026-11-21T10:00:00.123-11:30"}) {
    EXPECT_TRUE(internal::ParseWalletDate(good).has_value()) << good;
  }
  for (const char* bad :
       {"", "2026-11-21", "2026-11-21T10:00", "2026-11-21T10:00:00+0300", "2026-11-21 10:00Z",
        "2026-13-21T10:00Z", "2026-11-21T10:00Z ", "2026-11-21T10:00:00.Z", "2026-11-21t10:00z",
        "2026-11-21T10:00:00+03:00Z"}) {
    EXPECT_FALSE(internal::ParseWalletDate(bad).has_value()) << bad;
  }
}

TEST(PassRulesTest, SurviveABundleWithAnyByteChanged) {
  const std::string good = test::Bundle(test::MustCompile(test::Gift()));
  for (std::size_t i = 0; i < good.size(); i += good.size() / 150 + 1) {
    std::string bundle = good;
    bundle[i] = static_cast<char>(bundle[i] ^ 0x55);
    (void)VerifyBundle(bundle, {.trust_anchors = {test::Authority().root()}});
    (void)VerifyBundle(good.substr(0, i));
  }
}

}  // namespace
}  // namespace passmint::apple
