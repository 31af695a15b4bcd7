#include "apple/internal/blocks.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>
#include <string_view>

#include "design/blocks.h"
#include "image/color.h"

namespace passmint::apple::internal {
namespace {

using design::FieldGroup;
using design::Kind;
using design::RenderedText;
using design::Template;

// Ours -> Apple's.
struct Rename {
  std::string_view from;
  std::string_view to;
};

const Json* Find(const Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(std::string(key));
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

void Copy(const Json& from, std::span<const Rename> renames, Json& to) {
  for (const auto& [ours, apples] : renames) {
    if (const Json* value = Find(from, ours)) to[std::string(apples)] = *value;
  }
}

// The renamed text, or the value as it is if it is none of ours.
Json Renamed(const Json& value, std::span<const Rename> names) {
  if (!value.is_string()) return value;
  const auto& text = value.get_ref<const std::string&>();
  for (const auto& [ours, apples] : names) {
    if (text == ours) return std::string(apples);
  }
  return value;
}

Json ColorOf(const Json& value) {
  if (!value.is_string()) return value;
  const auto color = image::ParseColor(value.get_ref<const std::string&>());
  return color.ok() ? Json(image::ToCssRgb(color.value())) : value;
}

constexpr Rename kEvent[] = {{"name", "eventName"},
                             {"start", "eventStartDate"},
                             {"end", "eventEndDate"},
                             {"doors_open", "venueDoorsOpenDate"},
                             {"performers", "performerNames"},
                             {"home_team", "homeTeamAbbreviation"},
                             {"away_team", "awayTeamAbbreviation"}};
constexpr Rename kVenue[] = {{"name", "venueName"},
                             {"region", "venueRegionName"},
                             {"room", "venueRoom"},
                             {"entrance", "venueEntrance"},
                             {"phone", "venuePhoneNumber"}};
constexpr Rename kSeat[] = {{"section", "seatSection"}, {"row", "seatRow"}, {"seat", "seatNumber"}};
constexpr Rename kEventTypes[] = {
    {"generic", "PKEventTypeGeneric"},       {"live_performance", "PKEventTypeLivePerformance"},
    {"movie", "PKEventTypeMovie"},           {"sports", "PKEventTypeSports"},
    {"conference", "PKEventTypeConference"}, {"convention", "PKEventTypeConvention"},
    {"workshop", "PKEventTypeWorkshop"},     {"social_gathering", "PKEventTypeSocialGathering"}};
constexpr Rename kTransitTypes[] = {{"air", "PKTransitTypeAir"},
                                    {"boat", "PKTransitTypeBoat"},
                                    {"bus", "PKTransitTypeBus"},
                                    {"train", "PKTransitTypeTrain"},
                                    {"generic", "PKTransitTypeGeneric"}};
constexpr Rename kApp[] = {{"store_ids", "associatedStoreIdentifiers"},
                           {"launch_url", "appLaunchURL"},
                           {"auxiliary_store_ids", "auxiliaryStoreIdentifiers"}};
constexpr Rename kBeacon[] = {{"uuid", "proximityUUID"}, {"major", "major"}, {"minor", "minor"}};
constexpr Rename kAction[] = {
    {"id", "identifier"}, {"type", "type"}, {"url", "url"}, {"place", "placeIdentifier"}};
constexpr Rename kRelevant[] = {{"date", "date"}, {"start", "startDate"}, {"end", "endDate"}};
constexpr Rename kNfc[] = {{"message", "message"},
                           {"public_key", "encryptionPublicKey"},
                           {"requires_authentication", "requiresAuthentication"}};
constexpr Rename kPosterTicket[] = {{"automatic_colors", "useAutomaticColors"},
                                    {"suppress_header_darkening", "suppressHeaderDarkening"}};

void AddEvent(const Json& event, Json& pass) {
  if (!event.is_object()) return;
  Json semantics = Json::object();
  Copy(event, kEvent, semantics);
  if (const Json* type = Find(event, "type")) semantics["eventType"] = Renamed(*type, kEventTypes);
  if (const Json* venue = Find(event, "venue")) {
    Copy(*venue, kVenue, semantics);
    const Json* latitude = Find(*venue, "latitude");
    const Json* longitude = Find(*venue, "longitude");
    if (latitude != nullptr && longitude != nullptr) {
      semantics["venueLocation"] = {{"latitude", *latitude}, {"longitude", *longitude}};
    }
  }
  if (const Json* seat = Find(event, "seat")) {
    Json seats = Json::object();
    Copy(*seat, kSeat, seats);
    if (!seats.empty()) semantics["seats"] = Json::array({std::move(seats)});
    if (const Json* gate = Find(*seat, "gate")) semantics["venueEntranceGate"] = *gate;
  }
  if (!semantics.empty()) pass["semantics"] = std::move(semantics);
  if (const Json* group = Find(event, "group")) pass["groupingIdentifier"] = *group;
}

void AddBoarding(const Json& boarding, Json& pass) {
  if (const Json* transit = Find(boarding, "transit")) {
    pass["boardingPass"]["transitType"] = Renamed(*transit, kTransitTypes);
  }
  if (const Json* group = Find(boarding, "group")) pass["groupingIdentifier"] = *group;
  const Json* semantic = Find(boarding, "semantic");
  if (semantic != nullptr && *semantic == Json(true)) {
    pass["preferredStyleSchemes"] = {"semanticBoardingPass", "boardingPass"};
  }
}

void AddTicketPoster(const BlockTexts& texts, Json& pass) {
  const Json& poster = texts.source.poster;
  if (poster.is_null()) return;
  pass["preferredStyleSchemes"] = {"posterEventTicket", "eventTicket"};
  Copy(poster, kPosterTicket, pass);
  if (const Json* color = Find(poster, "footer_background")) {
    pass["footerBackgroundColor"] = ColorOf(*color);
  }
  const RenderedText* logo = design::FindBlockText(texts.source, texts.card, "/poster/logo_text");
  if (logo != nullptr && !logo->empty()) pass["eventLogoText"] = texts.strings.Put(*logo);
}

Json RelevantEntry(const Json& entry) {
  if (!entry.is_object()) return entry;
  Json out = Json::object();
  Copy(entry, kRelevant, out);
  // iOS 18 reads "relevantDate", 26 reads "date" (Apple reference 2.6).
  if (out.contains("date")) out["relevantDate"] = out["date"];
  return out;
}

// `dates` is `relevant`; an event's own start serves where the template names none.
void AddRelevance(const Json& dates, const Json& event, Json& pass) {
  Json entries = dates;
  if (dates.is_array()) {
    entries = Json::array();
    for (const Json& entry : dates) entries.push_back(RelevantEntry(entry));
  }
  const Json* start = Find(event, "start");
  if ((dates.is_null() || (dates.is_array() && dates.empty())) && start != nullptr) {
    entries = Json::array({RelevantEntry({{"date", *start}})});
  }
  if (entries.is_null() || (entries.is_array() && entries.empty())) return;
  if (entries.is_array()) {
    const Json* instant = Find(entries[0], "date");
    if (instant == nullptr) instant = Find(entries[0], "startDate");
    if (instant != nullptr) pass["relevantDate"] = *instant;
  }
  pass["relevantDates"] = std::move(entries);
}

// The array with each object's keys renamed; what is no object stays.
Json RenamedEach(const Json& array, std::span<const Rename> renames) {
  if (!array.is_array()) return array;
  Json out = Json::array();
  for (const Json& entry : array) {
    Json renamed = entry.is_object() ? Json::object() : entry;
    Copy(entry, renames, renamed);
    out.push_back(std::move(renamed));
  }
  return out;
}

Json Beacons(const BlockTexts& texts) {
  Json beacons = RenamedEach(FillWithLiterals(texts.source.beacons, "/beacons", texts), kBeacon);
  if (!beacons.is_array()) return beacons;
  for (std::size_t i = 0; i < beacons.size(); ++i) {
    const std::string pointer = json::Child("/beacons", i) + "/text";
    const RenderedText* text = design::FindBlockText(texts.source, texts.card, pointer);
    if (text != nullptr && !text->empty()) beacons[i]["relevantText"] = texts.strings.Put(*text);
  }
  return beacons;
}

// Members whose strings phones look up in pass.strings: those marked L in the Apple reference 2.
bool IsLookedUp(std::string_view member) {
  static constexpr std::string_view kMembers[] = {
      "organizationName", "description",   "logoText",    "eventLogoText", "label", "value",
      "attributedValue",  "changeMessage", "relevantText"};
  return std::find(std::begin(kMembers), std::end(kMembers), member) != std::end(kMembers);
}

Json FillPatchAt(const Json& value, const std::string& pointer, std::string_view member,
                 const BlockTexts& texts) {
  if (value.is_string()) {
    const RenderedText* text = design::FindBlockText(texts.source, texts.card, pointer);
    if (text == nullptr) return value;
    if (IsLookedUp(member)) return texts.strings.Put(*text);
    return text->by_language.empty() ? std::string() : text->by_language.front();
  }
  if (!value.is_structured() || !design::HasBlockTexts(texts.source, pointer)) return value;
  Json filled = value;
  if (value.is_object()) {
    for (auto& [key, inner] : filled.items()) {
      inner = FillPatchAt(inner, json::Child(pointer, key), key, texts);
    }
  } else {
    for (std::size_t i = 0; i < filled.size(); ++i) {
      filled[i] = FillPatchAt(filled[i], json::Child(pointer, i), member, texts);
    }
  }
  return filled;
}

bool Says(const Json& block) {
  return !block.is_null() && !(block.is_structured() && block.empty());
}

std::vector<FieldAt> Named(const Template& source, const Json& keys) {
  std::vector<FieldAt> chosen;
  if (!keys.is_array()) return chosen;
  for (const Json& key : keys) {
    for (std::size_t group = 0; group < design::kFieldGroups; ++group) {
      const auto& fields = source.fields[group];
      const auto found = std::find_if(fields.begin(), fields.end(), [&key](const auto& field) {
        return key.is_string() && field.key == key.get_ref<const std::string&>();
      });
      if (found == fields.end()) continue;
      chosen.emplace_back(static_cast<FieldGroup>(group),
                          static_cast<std::size_t>(found - fields.begin()));
      break;
    }
  }
  return chosen;
}

void AppendAll(const Template& source, FieldGroup group, std::vector<FieldAt>& to) {
  for (std::size_t i = 0; i < source.Group(group).size(); ++i) to.emplace_back(group, i);
}

std::vector<FieldAt> NamedOr(const Template& source, std::string_view key,
                             std::vector<FieldAt> otherwise) {
  const Json* keys = Find(source.poster, key);
  return keys != nullptr ? Named(source, *keys) : std::move(otherwise);
}

}  // namespace

design::RenderedCard FixedBlockTexts(const Template& source) {
  design::RenderedCard card;
  card.block_texts.reserve(source.block_texts.size());
  for (const design::BlockText& block : source.block_texts) {
    card.block_texts.push_back(FixedText(block.text).value_or(RenderedText()));
  }
  return card;
}

Json FillWithLiterals(const Json& block, std::string_view pointer, const BlockTexts& texts) {
  return design::FillBlock(block, pointer, texts.source, texts.card,
                           [](const RenderedText& text) -> Json {
                             if (text.empty()) return nullptr;
                             return text.by_language.front();
                           });
}

Json FillPatch(const BlockTexts& texts) {
  return FillPatchAt(texts.source.apple, "/apple", {}, texts);
}

void AddBlocks(const BlockTexts& texts, Json& pass) {
  const Template& source = texts.source;
  const Json relevant = FillWithLiterals(source.relevant, "/relevant", texts);
  Json event = nullptr;
  if (source.kind == Kind::kTicket) {
    event = FillWithLiterals(source.event, "/event", texts);
    AddEvent(event, pass);
    AddTicketPoster(texts, pass);
  } else if (source.kind == Kind::kBoarding) {
    AddBoarding(FillWithLiterals(source.boarding, "/boarding", texts), pass);
  }
  AddRelevance(relevant, event, pass);
  Copy(FillWithLiterals(source.app, "/app", texts), kApp, pass);
  if (Says(source.beacons)) pass["beacons"] = Beacons(texts);
  if (Says(source.actions)) {
    pass["featuredActions"] =
        RenamedEach(FillWithLiterals(source.actions, "/actions", texts), kAction);
  }
}

Json NfcMembers(const BlockTexts& texts) {
  const Json& block = texts.source.nfc;
  if (!Says(block)) return nullptr;
  if (!block.is_object()) return block;
  Json nfc = Json::object();
  Copy(FillWithLiterals(block, "/nfc", texts), kNfc, nfc);
  return nfc;
}

bool HasVariableBlocks(const Template& source) {
  const std::string_view blocks[] = {"/actions", "/app",   "/beacons",  "/relevant",
                                     "/poster",  "/event", "/boarding", "/apple"};
  return std::any_of(std::begin(blocks), std::end(blocks), [&source](std::string_view pointer) {
    return design::HasVariableBlockTexts(source, pointer);
  });
}

std::string FieldPointer(FieldAt at) {
  return "/fields/" + std::string(design::Name(at.first)) + '/' + std::to_string(at.second);
}

bool HasPosterGeneric(const Template& source) {
  return !source.poster.is_null() && source.kind != Kind::kTicket && source.kind != Kind::kBoarding;
}

PosterFields ChoosePosterFields(const Template& source) {
  PosterFields chosen;
  chosen.present = HasPosterGeneric(source);
  if (!chosen.present) return chosen;
  std::vector<FieldAt> header;
  std::vector<FieldAt> primary;
  std::vector<FieldAt> footer;
  AppendAll(source, FieldGroup::kHeader, header);
  header.resize(std::min<std::size_t>(header.size(), 1));
  AppendAll(source, FieldGroup::kPrimary, primary);
  AppendAll(source, FieldGroup::kSecondary, primary);
  primary.resize(std::min<std::size_t>(primary.size(), 4));
  AppendAll(source, FieldGroup::kFooter, footer);
  chosen.header = NamedOr(source, "header", std::move(header));
  chosen.primary = NamedOr(source, "primary", std::move(primary));
  chosen.footer = NamedOr(source, "footer", std::move(footer));
  AppendAll(source, FieldGroup::kBack, chosen.back);
  return chosen;
}

}  // namespace passmint::apple::internal
