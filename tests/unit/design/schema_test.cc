#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "fixture.h"

namespace passmint::design {
namespace {

Json ReadSchema() {
  std::ifstream in(std::string(PASSMINT_SOURCE_DIR) + "/assets/template.schema.json");
  return json::Parse(std::string(std::istreambuf_iterator<char>(in), {}), 1 << 20).value();
}

struct Place {
  const char* schema;   // Pointer to the object in the schema that has "properties".
  const char* patch;    // Puts the key "zzz" into that object.
  const char* pointer;  // Where the parser then finds it.
};

class SchemaTest : public testing::TestWithParam<Place> {};

// What the parser knows, by the cure of the finding: "... Known here: a, b, c."
std::set<std::string> KnownKeys(const Place& place) {
  const Findings findings = LintFiles(test::Patched(place.patch), test::Programme());
  std::set<std::string> keys;
  for (const Finding& finding : findings) {
    const std::size_t at = finding.cure.find("Known here: ");
    if (finding.id != "T02" || finding.pointer != place.pointer || at == std::string::npos)
      continue;
    std::string list = finding.cure.substr(at + 12);
    list.back() = ',';
    for (std::size_t begin = 0; begin < list.size();) {
      const std::size_t end = list.find(',', begin);
      keys.insert(list.substr(begin, end - begin));
      begin = end + 2;
    }
  }
  return keys;
}

TEST_P(SchemaTest, HasTheKeysThatTheParserKnows) {
  const Json object = ReadSchema().at(Json::json_pointer(GetParam().schema));
  std::set<std::string> stated;
  for (const auto& [key, value] : object.at("properties").items()) stated.insert(key);
  EXPECT_EQ(KnownKeys(GetParam()), stated);
  EXPECT_EQ(object.at("additionalProperties"), false);
}

const Place kPlaces[] = {
    {"", R"({"zzz": 1})", "/zzz"},
    {"/properties/colors", R"({"colors": {"zzz": 1}})", "/colors/zzz"},
    {"/properties/fields", R"({"fields": {"zzz": 1}})", "/fields/zzz"},
    {"/$defs/field", R"({"fields": {"back": [{"zzz": 1}]}})", "/fields/back/0/zzz"},
    {"/$defs/barcode", R"({"barcode": {"format": "qr", "message": "1", "zzz": 1}})",
     "/barcode/zzz"},
    {"/properties/stamps/oneOf/1", R"({"stamps": {"zzz": 1}})", "/stamps/zzz"},
    {"/properties/images/additionalProperties/items", R"({"images": {"strip": [{"zzz": 1}]}})",
     "/images/strip/0/zzz"},
    {"/properties/links/items", R"({"links": [{"zzz": 1}]})", "/links/0/zzz"},
    {"/properties/actions/items", R"({"actions": [{"zzz": 1}]})", "/actions/0/zzz"},
    {"/properties/app", R"({"app": {"zzz": 1}})", "/app/zzz"},
    {"/properties/locations/items", R"({"locations": [{"zzz": 1}]})", "/locations/0/zzz"},
    {"/properties/beacons/items", R"({"beacons": [{"zzz": 1}]})", "/beacons/0/zzz"},
    {"/properties/relevant/items", R"({"relevant": [{"zzz": 1}]})", "/relevant/0/zzz"},
    {"/properties/nfc/oneOf/1", R"({"nfc": {"zzz": 1}})", "/nfc/zzz"},
    {"/properties/personalization/oneOf/1", R"({"personalization": {"zzz": 1}})",
     "/personalization/zzz"},
    {"/properties/poster/oneOf/2", R"({"poster": {"zzz": 1}})", "/poster/zzz"},
    {"/properties/offer", R"({"offer": {"zzz": 1}})", "/offer/zzz"},
    {"/properties/event", R"({"event": {"zzz": 1}})", "/event/zzz"},
    {"/properties/event/properties/venue", R"({"event": {"venue": {"zzz": 1}}})",
     "/event/venue/zzz"},
    {"/properties/event/properties/seat", R"({"event": {"seat": {"zzz": 1}}})", "/event/seat/zzz"},
    {"/properties/boarding", R"({"boarding": {"zzz": 1}})", "/boarding/zzz"},
    {"/properties/google", R"({"google": {"zzz": 1}})", "/google/zzz"},
};

INSTANTIATE_TEST_SUITE_P(Objects, SchemaTest, testing::ValuesIn(kPlaces));

}  // namespace
}  // namespace passmint::design
