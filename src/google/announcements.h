#pragma once

#include <string>
#include <vector>

#include "base/timestamp.h"
#include "design/rendered_card.h"
#include "google/layout.h"
#include "json/json.h"

namespace passmint::google {

// One field whose change the template announces ("change").
struct Announcement {
  std::string key;            // Of the field; "!state" of the card's state.
  std::string digest;         // Of its value: another one if that changes.
  design::RenderedText text;  // The change text with the value in it.
};

// What a card's holder is told of by a message: what the template announces, and that the card is
// blocked or works again. Balances of loyalty cards are not among it: Google itself notifies of
// their change (NotifyingValues).
struct Announcements {
  std::vector<std::string> languages;
  design::RenderedText header;
  std::vector<Announcement> fields;
};

// REQUIRES: `card` was rendered by the design that `layout` was made from.
Announcements AnnouncementsOf(const Layout& layout, const design::RenderedCard& card);

// The digests by key, as JSON text: what ChangeMessage compares with the next time.
std::string AnnouncedValues(const Announcements& announcements);

// The Message (https://developers.google.com/wallet/reference/rest/v1/Message) about the fields
// whose values are others than in `before`, in every language, shown until `end`; the phone says so
// as it comes. Null if there are none, a field that `before` does not have included; also if
// `before` is "". `id`: Message.id, to be recognised by when it is there already.
Json ChangeMessage(const Announcements& announcements, const std::string& before,
                   const std::string& id, Timestamp end);

// Whether `object`, as Google answers it, has a message of that id.
bool HasMessage(const Json& object, const std::string& id);

// Google keeps ten messages. The patch that leaves the newest of them if there is no room for one
// more, else null.
Json RoomForMessage(const Json& object);

}  // namespace passmint::google
