#pragma once

#include <string>
#include <vector>

#include "apple/internal/import_texts.h"
#include "json/json.h"

namespace passmint::apple::internal {

// Parts of a template for parts of pass.json. Each is null (an array: empty) where the pass has
// none; what a template cannot say is noted.

// An instant of pass.json as a template writes it: RFC 3339 with seconds, which Apple's W3C form
// may lack ("2026-12-31T19:00+03:00"). "" if it is none.
std::string InstantOf(const Json& object, std::string_view key);

// "expires", from expirationDate.
Json ImportExpiry(const Json& pass, std::vector<ImportNote>& notes);

// "relevant", from relevantDates, else relevantDate.
Json ImportRelevant(const Json& pass, std::vector<ImportNote>& notes);

// "nfc": the reader's key, and each card's own number as the message.
Json ImportNfc(const Json& pass, std::vector<ImportNote>& notes);

// "beacons".
Json ImportBeacons(const Json& pass, ImportTexts& texts, std::vector<ImportNote>& notes);

// "event" of a ticket: name, times and venue of its semantics, else `name` and relevantDate. Seats
// and holders are one guest's and stay behind.
Json ImportEvent(const Json& pass, const std::string& name, ImportTexts& texts,
                 std::vector<ImportNote>& notes);

// Names every member of pass.json that nothing was made of. Those that make a pass one issuer's and
// one card's (serial number, token, pass type, team, web service) are not worth a word.
void NoteWhatStays(const Json& pass, std::vector<ImportNote>& notes);

}  // namespace passmint::apple::internal
