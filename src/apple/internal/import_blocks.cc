#include "apple/internal/import_blocks.h"

#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "apple/internal/pass_rules.h"
#include "base/timestamp.h"

namespace passmint::apple::internal {
namespace {

constexpr std::size_t kListMax = 10;   // Beacons and relevant dates of a template.
constexpr std::size_t kNamedMax = 30;  // Members of pass.json that nothing was made of.
constexpr std::size_t kShownMax = 64;  // Of such a member's name.

void Note(std::vector<ImportNote>& notes, std::string text) {
  notes.push_back({"pass.json", std::move(text)});
}

// The list at `key`, bounded; null if there is none.
const Json* ListOf(const Json& pass, const char* key, std::vector<ImportNote>& notes) {
  const Json* list = Find(pass, key);
  if (list == nullptr) return nullptr;
  if (!list->is_array()) {
    Note(notes, std::string(key) + " is no list: left out");
    return nullptr;
  }
  if (list->size() > kListMax) {
    Note(notes, std::string(key) + ": a template has the first " + std::to_string(kListMax));
  }
  return list;
}

Json RelevantEntry(const Json& entry) {
  const std::string start = InstantOf(entry, "startDate");
  const std::string end = InstantOf(entry, "endDate");
  if (!start.empty() && !end.empty()) return {{"start", start}, {"end", end}};
  // iOS 18 reads "relevantDate", 26 reads "date" (Apple reference 2.6).
  std::string date = InstantOf(entry, "date");
  if (date.empty()) date = InstantOf(entry, "relevantDate");
  return date.empty() ? Json() : Json{{"date", date}};
}

void CopyText(const Json& from, const char* key, const char* to, ImportTexts& texts, Json& out) {
  const std::string text = TextOf(from, key);
  if (!text.empty()) out[to] = texts.Take(text, std::string("event_") + to);
}

void CopyInstant(const Json& from, const char* key, const char* to, Json& out) {
  const std::string instant = InstantOf(from, key);
  if (!instant.empty()) out[to] = instant;
}

Json VenueOf(const Json& semantics, ImportTexts& texts) {
  Json venue = Json::object();
  CopyText(semantics, "venueName", "name", texts, venue);
  CopyText(semantics, "venueRegionName", "region", texts, venue);
  CopyText(semantics, "venueRoom", "room", texts, venue);
  CopyText(semantics, "venueEntrance", "entrance", texts, venue);
  const std::string phone = TextOf(semantics, "venuePhoneNumber");
  if (!phone.empty() && phone.size() <= kShownMax) venue["phone"] = phone;
  const Json* place = Find(semantics, "venueLocation");
  const Json* latitude = place == nullptr ? nullptr : Find(*place, "latitude");
  const Json* longitude = place == nullptr ? nullptr : Find(*place, "longitude");
  if (latitude != nullptr && longitude != nullptr && latitude->is_number() &&
      longitude->is_number()) {
    venue["latitude"] = *latitude;
    venue["longitude"] = *longitude;
  }
  return venue;
}

}  // namespace

std::string InstantOf(const Json& object, std::string_view key) {
  constexpr std::size_t kMinute = 16;  // Behind "2026-12-31T19:00".
  constexpr std::size_t kOffset = 5;   // "+0300"
  std::string text = TextOf(object, key);
  if (text.size() > kMinute &&
      (text[kMinute] == '+' || text[kMinute] == '-' || text[kMinute] == 'Z')) {
    text.insert(kMinute, ":00");
  }
  if (text.size() > kMinute + kOffset) {
    const std::size_t sign = text.size() - kOffset;
    if (text[sign] == '+' || text[sign] == '-') text.insert(sign + 3, ":");
  }
  return ParseRfc3339(text).ok() ? text : std::string();
}

Json ImportExpiry(const Json& pass, std::vector<ImportNote>& notes) {
  if (Find(pass, "expirationDate") == nullptr) return nullptr;
  const std::string ends = InstantOf(pass, "expirationDate");
  if (ends.empty()) {
    Note(notes, "expirationDate is no time with a zone: left out");
    return nullptr;
  }
  Note(notes, "expirationDate: every card ends at " + ends +
                  " now; {{card.expires_at}} in \"expires\" gives each card its own end");
  return ends;
}

Json ImportRelevant(const Json& pass, std::vector<ImportNote>& notes) {
  Json relevant = Json::array();
  if (const Json* list = ListOf(pass, "relevantDates", notes)) {
    for (const Json& entry : *list) {
      if (relevant.size() == kListMax) break;
      Json made = RelevantEntry(entry);
      if (made.is_null()) {
        Note(notes, "relevantDates: an entry without a time with a zone was left out");
      } else {
        relevant.push_back(std::move(made));
      }
    }
  }
  if (!relevant.empty() || Find(pass, "relevantDate") == nullptr) return relevant;
  const std::string date = InstantOf(pass, "relevantDate");
  if (date.empty()) {
    Note(notes, "relevantDate is no time with a zone: left out");
  } else {
    relevant.push_back({{"date", date}});
  }
  return relevant;
}

Json ImportNfc(const Json& pass, std::vector<ImportNote>& notes) {
  const Json* nfc = Find(pass, "nfc");
  if (nfc == nullptr) return nullptr;
  const std::string key = TextOf(*nfc, "encryptionPublicKey");
  if (key.empty()) {
    Note(notes, "nfc has no encryptionPublicKey: left out");
    return nullptr;
  }
  Json made = {{"message", "{{card.number}}"}, {"public_key", key}};
  const Json* authentication = Find(*nfc, "requiresAuthentication");
  if (authentication != nullptr && *authentication == Json(true)) {
    made["requires_authentication"] = true;
  }
  Note(notes,
       "nfc says each card's own number to readers with its key; it takes a certificate "
       "with NFC, so remove it if yours has none");
  return made;
}

Json ImportBeacons(const Json& pass, ImportTexts& texts, std::vector<ImportNote>& notes) {
  Json beacons = Json::array();
  const Json* list = ListOf(pass, "beacons", notes);
  if (list == nullptr) return beacons;
  for (const Json& beacon : *list) {
    if (beacons.size() == kListMax) break;
    const std::string uuid = TextOf(beacon, "proximityUUID");
    if (uuid.empty()) {
      Note(notes, "beacons: one without proximityUUID was left out");
      continue;
    }
    Json made = {{"uuid", uuid}};
    for (const char* key : {"major", "minor"}) {
      const Json* number = Find(beacon, key);
      if (number != nullptr && number->is_number_integer()) made[key] = *number;
    }
    const std::string text = TextOf(beacon, "relevantText");
    if (!text.empty()) made["text"] = texts.Take(text, "beacon_text");
    beacons.push_back(std::move(made));
  }
  return beacons;
}

Json ImportEvent(const Json& pass, const std::string& name, ImportTexts& texts,
                 std::vector<ImportNote>& notes) {
  Json event = {{"name", name}};
  const Json none = Json::object();
  const Json* found = Find(pass, "semantics");
  const Json& semantics = found == nullptr ? none : *found;
  CopyText(semantics, "eventName", "name", texts, event);
  CopyInstant(pass, "relevantDate", "start", event);
  CopyInstant(semantics, "eventStartDate", "start", event);
  CopyInstant(semantics, "eventEndDate", "end", event);
  CopyInstant(semantics, "venueDoorsOpenDate", "doors_open", event);
  Json venue = VenueOf(semantics, texts);
  if (!venue.empty()) event["venue"] = std::move(venue);
  if (found != nullptr) {
    Note(notes,
         "semantics: the event's name, times and venue were taken; seats, holders and the "
         "rest were left out");
  }
  return event;
}

void NoteWhatStays(const Json& pass, std::vector<ImportNote>& notes) {
  static const std::set<std::string, std::less<>> kTaken = {
      "formatVersion",    "passTypeIdentifier",
      "serialNumber",     "teamIdentifier",
      "webServiceURL",    "authenticationToken",
      "organizationName", "description",
      "logoText",         "backgroundColor",
      "foregroundColor",  "labelColor",
      "barcode",          "barcodes",
      "locations",        "sharingProhibited",
      "posterGeneric",    "expirationDate",
      "relevantDate",     "relevantDates",
      "beacons",          "nfc"};
  // Of what it is a pass of; other kinds of pass have no place for it.
  const bool is_ticket = pass.contains("eventTicket");
  std::size_t named = 0;
  for (const auto& [key, value] : pass.items()) {
    if (kTaken.contains(key) || IsClassicStyle(key) || (is_ticket && key == "semantics")) continue;
    // Pass Designer writes down what is not so: "voided": false, "groupingIdentifier": "".
    if (value == Json(false) || value == Json("") || value.is_null()) continue;
    if (++named > kNamedMax) {
      Note(notes, "more of it was left out");
      return;
    }
    Note(notes, key.substr(0, kShownMax) + " was left out");
  }
}

}  // namespace passmint::apple::internal
