#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "design/rendered_card.h"
#include "google/announcements.h"
#include "google/vertical.h"
#include "issuance/design_choice.h"
#include "issuance/designs.h"
#include "issuance/member_tier.h"
#include "issuance/phone_tables.h"
#include "issuance/points_summary.h"
#include "issuance/rule_book.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// A card with everything that its looks depend on, from one snapshot.
struct CurrentCard {
  const ProgrammeSite* programme = nullptr;
  cards::Card card;
  cards::Member member;  // With an empty id if the card is unassigned.
  DesignChoice design;
  RulesPtr rules;  // Of now.
  PointsSummary points;
  std::optional<NextExpiry> next_expiry;
  std::int64_t stamps = 0;  // On the strip.
  Timestamp next_due =
      Timestamp::max();  // When time alone changes the points; in the past: not posted yet.
  ShownTier tier;
  std::optional<Timestamp> expires_at;  // When the last paid membership lapses, or has lapsed.
  Timestamp now;                        // The snapshot's.

  // Last-Modified of its bundle.
  Timestamp effective_time() const { return EffectiveTime(card, design); }
};

// What time alone has changed (a block that is over, points that expired) is posted first, so that
// it has a revision. Fail with kNotFound if there is no such card or its programme is not in the
// settings any more.
Result<CurrentCard> FindByLinkToken(Store& store, const Site& site, const LinkToken& token);
Result<CurrentCard> FindBySerial(Store& store, const Site& site, const SerialNumber& serial);
Result<CurrentCard> FindByCardId(Store& store, const Site& site, const ProgrammeId& programme,
                                 const std::string& card);

// The card of a pass that was found in this transaction, without posting what is due. Fails
// likewise.
Result<CurrentCard> LoadCard(Transaction& transaction, const Site& site, const PassState& pass);

// A card as Google's object.
struct GoogleCard {
  google::Vertical vertical = google::Vertical::kLoyalty;
  ClassId class_id;
  ObjectId object_id;
  Json object;
  google::Announcements announcements = {};
};

// The class of a template, as its live version wants it.
struct PublishedClass {
  google::Vertical vertical = google::Vertical::kLoyalty;
  ClassId class_id;
  int version = 0;
  Json body;
};

// The version that all cards of a template show but those of a canary: 0 if none was published.
Result<int> LiveVersion(Transaction& transaction, const ProgrammeId& programme,
                        const TemplateName& name);

// Makes what the wallets take. Safe for concurrent calls.
class CardMaker {
 public:
  // REQUIRES: all outlive the maker.
  CardMaker(const Site& site, const Store& store, const Clock& clock)
      : site_(site), store_(store), clock_(clock), catalogue_(site, store) {}

  // The card as both wallets show it. Fails as DesignCatalogue::Get.
  Result<design::RenderedCard> Render(const CurrentCard& current);

  // The signed .pkpass. A closed card's pass is voided. Fails with kNotFound if the programme has
  // no Apple certificate, with kUnavailable if it is not valid now, as DesignCatalogue::Get.
  Result<std::string> Bundle(const CurrentCard& current);

  // Whether that bundle lets its holder sign up: the card is nobody's yet, and its design has a
  // form. Fails as Bundle, but needs no valid certificate.
  Result<bool> OffersPersonalization(const CurrentCard& current);

  // The Save to Google Wallet link with the object inside. Fails with kNotFound if the programme
  // has no Google account or the template's kind has no counterpart there; as google::SaveJwt.
  Result<std::string> GoogleSaveUrl(const CurrentCard& current);

  // The same for an object that Google has: the link names it.
  Result<std::string> GoogleSaveUrlById(const CurrentCard& current);

  // What the object is to be. Fails as GoogleSaveUrl with kNotFound, and as DesignCatalogue::Get.
  Result<GoogleCard> MakeGoogleCard(const CurrentCard& current);
  // Its class, as the version that this card shows wants it. Fails likewise.
  Result<Json> GoogleClassOf(const CurrentCard& current);
  // Nothing: no version is live, or its kind has no counterpart. Fails as DesignCatalogue::Get.
  Result<std::optional<PublishedClass>> PublishedGoogleClass(const ProgrammeSite& programme,
                                                             const TemplateName& name);

  bool HasApple(const CurrentCard& current) const { return current.programme->apple != nullptr; }
  Result<bool> HasGoogle(const CurrentCard& current);

  DesignCatalogue& catalogue() { return catalogue_; }

 private:
  Result<design::RenderedCard> Render(const ReadyDesign& ready, const CurrentCard& current) const;
  Result<std::shared_ptr<const ReadyDesign>> Design(const CurrentCard& current);
  // The design, which has an Apple side.
  Result<std::shared_ptr<const ReadyDesign>> AppleDesign(const CurrentCard& current);
  Result<Secret> AuthenticationToken(const ReadyDesign& ready, const CurrentCard& current) const;

  const Site& site_;
  const Store& store_;
  const Clock& clock_;
  DesignCatalogue catalogue_;
};

}  // namespace passmint::issuance
