#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "design/internal/template_parser.h"
#include "image/color.h"

namespace passmint::design::internal {
namespace {

constexpr std::int64_t kJsonIntegerMax = 9'007'199'254'740'991;  // 2^53 - 1, RFC 7493 2.2.
constexpr std::size_t kPosterFieldsMax = 8;
constexpr std::size_t kPerformersMax = 20;

// Names of which only the spelling is checked: the block keeps them as they are.
void CheckEnum(const ObjectReader& reader, std::string_view key,
               const std::vector<std::string_view>& known) {
  const auto text = reader.Word(key, 64);
  if (text && std::find(known.begin(), known.end(), *text) == known.end())
    reader.ReportUnknown(reader.Pointer(key), *text, known);
}

void CheckIntegers(const ObjectReader& reader, std::string_view key, Report& report) {
  const Json* list = reader.Array(key, kListMax);
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->size(); ++i) {
    if ((*list)[i].is_number_integer() && (*list)[i] > 0 && (*list)[i] <= kJsonIntegerMax) continue;
    report.Error("T03", {json::Child(reader.Pointer(key), i)}, "this is no App Store id",
                 "Write the number in the app's App Store link.");
  }
}

// "f7826da6-4fa2-4e98-8024-bc5b71e0893e".
bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

void CheckReserved(const Json& block, const std::string& pointer,
                   const std::vector<std::string_view>& reserved, Report& report) {
  for (const auto& [key, value] : block.items()) {
    if (std::find(reserved.begin(), reserved.end(), key) == reserved.end()) continue;
    report.Error("T16", {json::Child(pointer, key)}, Quote(key) + " is Passmint's to set",
                 "Remove it.");
  }
}

// What the sign-up form asks for: at least one thing, each once.
void CheckFormFields(const ObjectReader& form, const Json& fields, Report& report) {
  static const std::vector<std::string_view> kKnown = {"name", "postal_code", "email", "phone"};
  const std::string pointer = form.Pointer("fields");
  if (fields.empty()) {
    report.Error("T05", {pointer}, "the sign-up form asks for nothing",
                 "List what it asks for, such as \"name\" and \"phone\".");
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string text =
        fields[i].is_string() ? fields[i].get<std::string>() : json::Dump(fields[i]);
    if (std::find(kKnown.begin(), kKnown.end(), text) == kKnown.end()) {
      form.ReportUnknown(json::Child(pointer, i), text, kKnown);
    } else if (!seen.insert(text).second) {
      report.Error("T20", {json::Child(pointer, i)}, Quote(text) + " stands twice", "Remove one.");
    }
  }
}

}  // namespace

void TemplateParser::ParseBlocks(const ObjectReader& root) {
  ParseOffer(root);
  ParseEvent(root);
  ParseBoarding(root);
  ParseActions(root);
  ParseApp(root);
  ParseBeacons(root);
  ParseRelevant(root);
  ParseNfc(root);
  ParsePersonalization(root);
  ParsePoster(root);
  ParseNative(root);
}

void TemplateParser::ParseOffer(const ObjectReader& root) {
  const Json* offer = root.Object("offer");
  if (offer == nullptr || offer->empty()) return;
  const ObjectReader reader(*offer, root.Pointer("offer"), report_,
                            {"provider", "title", "short_title", "redemption_channel", "details",
                             "fine_print", "help_url"});
  AddBlockTexts(reader, {"provider", "title", "short_title", "details", "fine_print"});
  AddBlockText(reader, "help_url", Form::kUrl);
  CheckEnum(reader, "redemption_channel",
            {"instore", "online", "both", "temporary_price_reduction"});
  out_.offer = *offer;
}

void TemplateParser::ParseEvent(const ObjectReader& root) {
  const Json* event = root.Object("event");
  if (event == nullptr || event->empty()) return;
  const ObjectReader reader(
      *event, root.Pointer("event"), report_,
      {"name", "venue", "start", "end", "doors_open", "type", "group", "seat", "holder", "number",
       "ticket_type", "confirmation_code", "performers", "home_team", "away_team", "fine_print"});
  AddBlockTexts(reader, {"name", "group", "holder", "number", "ticket_type", "confirmation_code",
                         "home_team", "away_team", "fine_print"});
  AddBlockText(reader, "start", Form::kInstant);
  AddBlockText(reader, "end", Form::kInstant);
  AddBlockText(reader, "doors_open", Form::kInstant);
  CheckEnum(reader, "type",
            {"generic", "live_performance", "movie", "sports", "conference", "convention",
             "workshop", "social_gathering"});
  if (const Json* seat = reader.Object("seat")) {
    const ObjectReader seat_reader(*seat, reader.Pointer("seat"), report_,
                                   {"section", "row", "seat", "gate"});
    AddBlockTexts(seat_reader, {"section", "row", "seat", "gate"});
  }
  if (const Json* performers = reader.Array("performers", kPerformersMax)) {
    for (std::size_t i = 0; i < performers->size(); ++i) {
      const std::string pointer = json::Child(reader.Pointer("performers"), i);
      if (!(*performers)[i].is_string()) {
        report_.Error("T03", {pointer}, "this is not a text", "Write the performer's name.");
        continue;
      }
      AddBlockText(texts_.Parse((*performers)[i].get<std::string>(), pointer, {}), pointer,
                   Form::kProse);
    }
  }
  ParseVenue(reader);
  out_.event = *event;
}

void TemplateParser::ParseVenue(const ObjectReader& event) {
  const Json* venue = event.Object("venue");
  if (venue == nullptr) return;
  const ObjectReader reader(
      *venue, event.Pointer("venue"), report_,
      {"name", "address", "region", "room", "entrance", "phone", "latitude", "longitude"});
  AddBlockTexts(reader, {"name", "address", "region", "room", "entrance"});
  (void)reader.Word("phone", 64);
  (void)reader.Number("latitude", -90, 90, "P16");
  (void)reader.Number("longitude", -180, 180, "P16");
}

void TemplateParser::ParseBoarding(const ObjectReader& root) {
  const Json* boarding = root.Object("boarding");
  if (boarding == nullptr || boarding->empty()) return;
  const ObjectReader reader(*boarding, root.Pointer("boarding"), report_,
                            {"transit", "semantic", "group"});
  CheckEnum(reader, "transit", {"air", "boat", "bus", "generic", "train"});
  (void)reader.Bool("semantic", false);
  AddBlockText(reader, "group");
  out_.boarding = *boarding;
}

void TemplateParser::ParseActions(const ObjectReader& root) {
  const Json* actions = root.Array("actions", kListMax);
  if (actions == nullptr || actions->empty()) return;
  for (std::size_t i = 0; i < actions->size(); ++i) {
    const ObjectReader reader((*actions)[i], json::Child(root.Pointer("actions"), i), report_,
                              {"id", "type", "url", "place"});
    reader.Require({"id", "type"});
    (void)reader.Word("id", 64);
    CheckEnum(reader, "type",
              {"viewSchedule", "watchTrailer", "listenToMusic", "call", "place", "addToBalance",
               "order", "shop", "membershipBenefits", "bookAppointment", "bookCar", "bookFlight",
               "bookStay", "viewOffersRewards"});
    AddBlockText(reader, "url", Form::kUrl);
    (void)reader.Word("place", 128);
  }
  out_.actions = *actions;
}

void TemplateParser::ParseApp(const ObjectReader& root) {
  const Json* app = root.Object("app");
  if (app == nullptr || app->empty()) return;
  const ObjectReader reader(
      *app, root.Pointer("app"), report_,
      {"store_ids", "auxiliary_store_ids", "launch_url", "android_package", "web_url", "text"});
  CheckIntegers(reader, "store_ids", report_);
  CheckIntegers(reader, "auxiliary_store_ids", report_);
  // Not a web link: an app opens it by a scheme of its own.
  AddBlockText(ReadText(reader, "launch_url", {.localised = false}), reader.Pointer("launch_url"),
               Form::kUrl);
  (void)reader.Word("android_package", 255);
  AddBlockText(reader, "web_url", Form::kUrl);
  AddBlockText(reader, "text");
  out_.app = *app;
}

void TemplateParser::ParseBeacons(const ObjectReader& root) {
  const Json* beacons = root.Array("beacons", kListMax, "P16");
  if (beacons == nullptr || beacons->empty()) return;
  for (std::size_t i = 0; i < beacons->size(); ++i) {
    const ObjectReader reader((*beacons)[i], json::Child(root.Pointer("beacons"), i), report_,
                              {"uuid", "major", "minor", "text"});
    reader.Require({"uuid"});
    const auto uuid = reader.Word("uuid", 64);
    if (uuid && !IsUuid(*uuid)) {
      report_.Error("P16", {reader.Pointer("uuid")}, Quote(*uuid) + " is no UUID",
                    "Write the beacon's proximity UUID, 8-4-4-4-12 hexadecimal digits.");
    }
    for (const std::string_view key : {"major", "minor"}) {
      const auto number = reader.Number(key, 0, 65535, "P16");
      if (number && !reader.Find(key)->is_number_integer()) {
        report_.Error("P16", {reader.Pointer(key)}, "this is not a whole number",
                      "Write an integer from 0 to 65535.");
      }
    }
    AddBlockText(reader, "text");
  }
  out_.beacons = *beacons;
}

void TemplateParser::ParseRelevant(const ObjectReader& root) {
  const Json* relevant = root.Array("relevant", kListMax);
  if (relevant == nullptr || relevant->empty()) return;
  for (std::size_t i = 0; i < relevant->size(); ++i) {
    const ObjectReader reader((*relevant)[i], json::Child(root.Pointer("relevant"), i), report_,
                              {"date", "start", "end"});
    const bool span = reader.Has("start") && reader.Has("end") && !reader.Has("date");
    const bool instant = reader.Has("date") && !reader.Has("start") && !reader.Has("end");
    if ((*relevant)[i].is_object() && !span && !instant) {
      report_.Error("T05", {reader.pointer()}, "this is neither an instant nor a span",
                    "Write {\"date\": ...} or {\"start\": ..., \"end\": ...}.");
    }
    AddBlockText(reader, "date", Form::kInstant);
    AddBlockText(reader, "start", Form::kInstant);
    AddBlockText(reader, "end", Form::kInstant);
  }
  out_.relevant = *relevant;
}

void TemplateParser::ParseNfc(const ObjectReader& root) {
  const Json* nfc = root.Object("nfc");
  if (nfc == nullptr || nfc->empty()) return;
  const ObjectReader reader(*nfc, root.Pointer("nfc"), report_,
                            {"message", "public_key", "requires_authentication"});
  reader.Require({"message", "public_key"});
  AddBlockText(reader, "message", Form::kPlain);
  (void)reader.Word("public_key", 1000);
  (void)reader.Bool("requires_authentication", false);
  out_.nfc = *nfc;
}

void TemplateParser::ParsePersonalization(const ObjectReader& root) {
  const Json* personalization = root.Object("personalization");
  if (personalization == nullptr || personalization->empty()) return;
  const ObjectReader reader(*personalization, root.Pointer("personalization"), report_,
                            {"description", "fields", "terms"});
  reader.Require({"description", "fields"});
  AddBlockTexts(reader, {"description", "terms"});
  if (const Json* fields = reader.Array("fields", kListMax)) {
    CheckFormFields(reader, *fields, report_);
  }
  out_.personalization = *personalization;
}

void TemplateParser::ParsePoster(const ObjectReader& root) {
  const Json* poster = root.Find("poster");
  if (poster == nullptr) return;
  if (poster->is_string()) {
    const std::string wanted = out_.kind == Kind::kTicket ? "posterEventTicket" : "posterGeneric";
    if (*poster != wanted) {
      root.ReportUnknown(root.Pointer("poster"), poster->get_ref<const std::string&>(), {wanted});
    }
    out_.poster = Json::object();
    return;
  }
  const ObjectReader reader(*poster, root.Pointer("poster"), report_,
                            {"header", "primary", "footer", "logo_text", "footer_background",
                             "automatic_colors", "suppress_header_darkening"});
  for (const std::string_view key : {"header", "primary", "footer"}) {
    const Json* names = reader.Array(key, kPosterFieldsMax);
    if (names == nullptr) continue;
    std::vector<std::string_view> known;
    for (const auto& group : out_.fields) {
      for (const Field& field : group) known.push_back(field.key);
    }
    for (std::size_t i = 0; i < names->size(); ++i) {
      const Json& name = (*names)[i];
      const std::string text = name.is_string() ? name.get<std::string>() : json::Dump(name);
      if (std::find(known.begin(), known.end(), text) == known.end())
        reader.ReportUnknown(json::Child(reader.Pointer(key), i), text, known);
    }
  }
  AddBlockText(reader, "logo_text");
  const auto color = reader.Word("footer_background", 64);
  if (color && !image::ParseColor(*color).ok()) {
    report_.Error("P06", {reader.Pointer("footer_background")}, Quote(*color) + " is not a colour",
                  "Write #RRGGBB.");
  }
  (void)reader.Bool("automatic_colors", false);
  (void)reader.Bool("suppress_header_darkening", false);
  out_.poster = *poster;
}

void TemplateParser::ParseNative(const ObjectReader& root) {
  if (const Json* apple = root.Object("apple")) {
    // Apple reference 2.2 and 2.3.
    CheckReserved(*apple, root.Pointer("apple"),
                  {"formatVersion", "passTypeIdentifier", "serialNumber", "teamIdentifier",
                   "webServiceURL", "authenticationToken"},
                  report_);
    AddNativeTexts(*apple, root.Pointer("apple"));
    if (!apple->empty()) out_.apple = *apple;
  }
  const Json* google = root.Object("google");
  if (google == nullptr) return;
  const ObjectReader reader(*google, root.Pointer("google"), report_, {"class", "object"});
  for (const std::string_view key : {"class", "object"}) {
    const Json* block = reader.Object(key);
    if (block == nullptr) continue;
    // Google reference 1.2, 1.5, 1.6, 1.8 and 1.9.
    CheckReserved(*block, reader.Pointer(key),
                  {"id", "classId", "classReference", "state", "callbackOptions", "reviewStatus",
                   "hasUsers", "hasLinkedDevice"},
                  report_);
    AddNativeTexts(*block, reader.Pointer(key));
    if (!block->empty()) (key == "class" ? out_.google_class : out_.google_object) = *block;
  }
}

}  // namespace passmint::design::internal
