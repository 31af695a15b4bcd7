#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "design/template_files.h"

namespace passmint::apple {

// Something of the pass that became something else, or nothing, and why; for the designer.
struct ImportNote {
  std::string file;  // Of the bundle: "pass.json", "strip@2x.png".
  std::string text;  // One sentence.
};

struct ImportedPass {
  design::TemplateFiles files;  // May not lint yet: the kind may need what a pass does not say.
  std::vector<ImportNote> notes;
};

// A template with the layout, colours, pictures and strings of a pass: the unpacked files of a
// .pkpass, or of a .pkpasstemplate of Apple's Pass Designer, which is the same without identity,
// manifest and signature, with an "_id" on fields and seats, pictures at @2x and @3x alone and a
// tooling.json of the program's own. Seen in a boarding pass that Pass Designer 1.0 wrote
// (2026-06); Apple documents the bundle no further. The signature is not looked at: nothing is
// believed, and what we sign we lint.
//
// What becomes what:
//   style       storeCard -> loyalty; coupon -> coupon; eventTicket -> ticket; boardingPass ->
//               boarding; generic, and posterGeneric alone -> membership
//   strings     a text that any pass.strings translates -> "@key" and locales/<language>.json
//   values      a number under points, balance, bonus -> {{points.available}}; member or name ->
//               {{member.name}}; tier, level, status -> {{tier.name}}; what the code says ->
//               {{card.number}}; each is noted. Others are kept as they stand
//   barcode     its format; the message is the card's number
//   links       an attributedValue that is one link around all of its text -> href; what we write
//               for "links" -> links again
//   dates       expirationDate -> expires, the same for every card, which is noted; relevantDate
//               and relevantDates -> relevant, of a ticket -> its start
//   nfc         the readers' key, with the card's number as the message, which is noted
//   left out    what belongs to one card or its issuer: serial number, token, web service, pass
//               type, team, personalization; semantics (but a ticket's event and venue) and
//               whatever else a template cannot say, each by name in a note
// Pictures are decoded to see that they are what they say; one that is not is left out and noted.
//
// Fails with kInvalidArgument: no pass.json ("not_a_pass"), one that is no JSON or has no style
// ("not_a_pass").
Result<ImportedPass> ImportPass(const std::map<std::string, std::string>& bundle);

}  // namespace passmint::apple
