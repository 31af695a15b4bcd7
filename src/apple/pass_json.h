#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "apple/environment.h"
#include "base/result.h"
#include "design/design.h"
#include "design/rendered_card.h"

namespace passmint::apple {

// The texts of one pass that depend on the card.
struct PassTexts {
  std::string pass_json;  // UTF-8, one line; the same input gives the same bytes.
  // <language>.lproj/pass.strings, parallel to Template::languages: UTF-16BE with byte order mark.
  // Empty when the template's strings are the same for all cards (PassWriter::fixed_strings).
  std::vector<std::string> strings;
  // Of personalization.json; "" if the pass has none.
  std::string personalization;
};

// Writes pass.json for the cards of one design. What no card changes is serialised once, the native
// `apple` patch (RFC 7396) included; a card's values are spliced into that text. Immutable; safe
// for concurrent use.
//
// What becomes what (contract/templates.md; Apple reference section 2):
//   kind        loyalty, gift -> storeCard; membership -> generic; coupon -> coupon;
//               ticket -> eventTicket; boarding -> boardingPass
//   poster      loyalty, gift, membership, coupon: posterGeneric beside the classic style;
//   "header",
//               "primary" and "footer" choose its fields by key, by default the first header, the
//               first four of primary and secondary, and the footer's. ticket:
//               preferredStyleSchemes
//               ["posterEventTicket", "eventTicket"]
//   boarding    transitType; "semantic" prefers semanticBoardingPass
//   event       semantics, groupingIdentifier, and relevantDates if `relevant` is empty
//   relevant    relevantDates with both spellings of an instant, relevantDate for iOS before 18
//   beacons, nfc, app, actions (featuredActions): Apple's keys for ours
//   links       back fields, keys "passmint-link-1", ...
//   type        number -> JSON number and PKNumberStyleDecimal; currency -> JSON number in major
//               units and currencyCode; percent -> JSON number divided by 100 and
//               PKNumberStylePercent; date, datetime -> W3C date-time with both styles
//   href        attributedValue, an <a>; value stays as it is for readers without it
//   gift        the first field of type currency is also semantics.balance
//   state       blocked and closed: voided; expired: voided if `expires` does not say so already
//   barcode     barcodes, and the first QR, PDF417 or Aztec again as barcode (iOS 6 to 8)
// A text that differs by language goes into pass.strings where phones look it up there (marked L in
// the reference); elsewhere (dates, URLs, semantic tags) it is the one in the first language.
//
// personalization.json comes with the pass of an active card that is nobody's yet, if the template
// asks for it and Wallet would show it: with nfc, a web service, the picture personalizationLogo
// and a description that is not empty for that card.
class PassWriter {
 public:
  // Fails with kInvalidArgument and reason "nfc_certificate_needed" if the design has nfc and the
  // certificate is not for it: Wallet would refuse every pass. Everything else that can be wrong
  // with a design is for Lint to say.
  static Result<PassWriter> Make(const design::Design& design, const PassEnvironment& environment);

  PassWriter(PassWriter&&) noexcept;
  PassWriter& operator=(PassWriter&&) noexcept;
  PassWriter(const PassWriter&) = delete;
  PassWriter& operator=(const PassWriter&) = delete;
  ~PassWriter();

  // REQUIRES: `card` was rendered by the design of Make.
  PassTexts Write(const design::RenderedCard& card, const PassIdentity& identity) const;

  // <language>.lproj/pass.strings, parallel to Template::languages, when no card changes them; all
  // empty if the template has nothing to translate. Empty vector: they come with each card.
  const std::vector<std::string>& fixed_strings() const;

 private:
  struct Rep;
  explicit PassWriter(std::unique_ptr<const Rep> rep);

  std::unique_ptr<const Rep> rep_;
};

// Names in pass.json, for lint, previews and verify.
std::string_view ClassicStyle(design::Kind kind);      // "storeCard", ...
std::string_view GroupName(design::FieldGroup group);  // "headerFields", ...

}  // namespace passmint::apple
