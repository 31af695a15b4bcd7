#include "google/announcements.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "crypto/digest.h"
#include "google/localized.h"

namespace passmint::google {
namespace {

constexpr std::size_t kDigestDigits = 16;
constexpr std::size_t kLinesMax = 3;      // A message is read on a lock screen.
constexpr std::size_t kMessagesMax = 10;  // Google's limit.
constexpr std::size_t kMessagesKept = 5;
constexpr std::size_t kAnnouncedBytesMax = 64 * 1024;
constexpr std::string_view kValueMark = "%@";

bool NotifiesByItself(FieldUse use) {
  return use == FieldUse::kLoyaltyPoints || use == FieldUse::kSecondaryLoyaltyPoints;
}

std::string WithValue(std::string text, const std::string& value) {
  const std::size_t mark = text.find(kValueMark);
  if (mark != std::string::npos) text.replace(mark, kValueMark.size(), value);
  return text;
}

// Both texts are said in every language that either has.
design::RenderedText Combine(const design::RenderedText& one, const design::RenderedText& other,
                             std::string (*combine)(std::string, const std::string&)) {
  const std::size_t count = std::max(one.by_language.size(), other.by_language.size());
  design::RenderedText combined;
  for (std::size_t i = 0; i < count; ++i) {
    combined.by_language.push_back(combine(one.In(i), other.In(i)));
  }
  return combined;
}

std::string OnNextLine(std::string text, const std::string& line) {
  return std::move(text) + "\n" + line;
}

std::string DigestOf(const design::RenderedText& value) {
  std::string all;
  for (const std::string& text : value.by_language) all += text + '\0';
  return crypto::Sha256Hex(all).substr(0, kDigestDigits);
}

// Beside the fields, whose keys have no '!'.
constexpr const char* kStateKey = "!state";

struct StateTexts {
  std::string_view language;
  std::string_view blocked;
  std::string_view active;  // Again.
};
constexpr std::array<StateTexts, 2> kStateTexts = {
    {{"en", "Your card is blocked. Please ask us.", "Your card works again."},
     {"ru", "Ваша карта заблокирована. Спросите у нас.", "Ваша карта снова действует."}}};

const StateTexts& StateTextsFor(std::string_view language) {
  const auto found =
      std::find_if(kStateTexts.begin(), kStateTexts.end(), [language](const StateTexts& texts) {
        return language.substr(0, language.find('-')) == texts.language;
      });
  return found == kStateTexts.end() ? kStateTexts.front() : *found;
}

// Wallet greys a blocked card out without a word. What ends for good says so by its date.
Announcement StateOf(const std::vector<std::string>& languages, design::CardState state) {
  Announcement announcement{.key = kStateKey, .digest = "ended", .text = {}};
  const bool blocked = state == design::CardState::kBlocked;
  if (!blocked && state != design::CardState::kActive) return announcement;
  announcement.digest = blocked ? "blocked" : "active";
  for (const std::string& language : languages) {
    const StateTexts& texts = StateTextsFor(language);
    announcement.text.by_language.emplace_back(blocked ? texts.blocked : texts.active);
  }
  return announcement;
}

}  // namespace

Announcements AnnouncementsOf(const Layout& layout, const design::RenderedCard& card) {
  Announcements announcements{.languages = layout.languages(),
                              .header = card.logo_text.empty() ? card.organization : card.logo_text,
                              .fields = {StateOf(layout.languages(), card.state)}};
  for (const design::FieldGroup group : kReadingOrder) {
    for (const design::RenderedField& field : card.Group(group)) {
      const FieldUse use = layout.PlaceOf(group, field).use;
      if (field.change.empty() || use == FieldUse::kNone || NotifiesByItself(use)) continue;
      const design::Field& definition = layout.Definition(group, field);
      const design::RenderedText value = ValueText(field, definition, layout.languages());
      if (value.empty()) continue;
      announcements.fields.push_back({.key = definition.key,
                                      .digest = DigestOf(value),
                                      .text = Combine(field.change, value, WithValue)});
    }
  }
  return announcements;
}

std::string AnnouncedValues(const Announcements& announcements) {
  Json values = Json::object();
  for (const Announcement& field : announcements.fields) values[field.key] = field.digest;
  return json::Dump(values);
}

Json ChangeMessage(const Announcements& announcements, const std::string& before,
                   const std::string& id, Timestamp end) {
  const auto known = json::Parse(before, kAnnouncedBytesMax);
  if (!known.ok() || !known.value().is_object()) return nullptr;
  design::RenderedText body;
  std::size_t lines = 0;
  for (const Announcement& field : announcements.fields) {
    const auto was = known.value().find(field.key);
    if (was == known.value().end() || *was == field.digest || lines == kLinesMax) continue;
    if (field.text.empty()) continue;
    body = lines++ == 0 ? field.text : Combine(body, field.text, OnNextLine);
  }
  if (lines == 0) return nullptr;
  Json message = {{"id", id}, {"messageType", "TEXT_AND_NOTIFY"}};
  SetTwins(message, "header", "localizedHeader", announcements.header, announcements.languages);
  SetTwins(message, "body", "localizedBody", body, announcements.languages);
  message["displayInterval"]["end"]["date"] = FormatRfc3339(end);
  return message;
}

bool HasMessage(const Json& object, const std::string& id) {
  const auto messages = object.find("messages");
  if (messages == object.end() || !messages->is_array()) return false;
  return std::any_of(messages->begin(), messages->end(), [&](const Json& message) {
    return message.is_object() && message.value("id", Json()) == id;
  });
}

Json RoomForMessage(const Json& object) {
  const auto messages = object.find("messages");
  if (messages == object.end() || !messages->is_array() || messages->size() < kMessagesMax) {
    return nullptr;
  }
  Json kept = Json::array();
  for (std::size_t i = messages->size() - kMessagesKept; i < messages->size(); ++i) {
    kept.push_back((*messages)[i]);
  }
  return {{"messages", std::move(kept)}};
}

}  // namespace passmint::google
