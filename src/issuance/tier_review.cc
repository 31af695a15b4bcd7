#include "issuance/tier_review.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "issuance/card_life.h"
#include "issuance/member_progress.h"
#include "issuance/member_tier.h"
#include "issuance/rule_sets.h"
#include "issuance/tier_tables.h"

namespace passmint::issuance {
namespace {

using programme::RuleSet;

std::string LevelText(const std::string& name) { return name.empty() ? "none" : name; }

// By whom and when it is not said by a document of the shop: the rules.
ledger::Document DocumentOf(const TierCause& cause, std::int64_t rule_set) {
  if (cause.document.type != ledger::DocumentType::kNone) return cause.document;
  return {.type = ledger::DocumentType::kOccasion,
          .source = {},
          .id = "tiers",
          .parent = "rules " + std::to_string(rule_set)};
}

TemplateName TemplateOf(const programme::Tiers& tiers, const std::string& name) {
  for (const programme::Level& level : tiers.levels) {
    if (level.name == name) return TemplateName(level.template_name);
  }
  return TemplateName("");
}

bool HasTemplates(const RuleSet& rules) {
  return std::any_of(rules.tiers.levels.begin(), rules.tiers.levels.end(),
                     [](const auto& level) { return !level.template_name.empty(); });
}

// One member's review.
class Review {
 public:
  Review(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
         const cards::Member& member, const TierCause& cause)
      : transaction_(transaction),
        site_(site),
        programme_(programme),
        member_(member),
        cause_(cause) {}

  Result<bool> Run() {
    if (Status looked = Look(); !looked.ok()) return std::move(looked).error();
    if (!IsNews()) return false;
    if (Status kept = Keep(); !kept.ok()) return std::move(kept).error();
    if (from_ != to()) {
      if (Status recorded = Record(); !recorded.ok()) return std::move(recorded).error();
    }
    if (Status designed = ShowDesign(); !designed.ok()) return std::move(designed).error();
    if (!ShowsOther()) return designed_;
    if (cause_.cards_told) return true;
    Status touched = TouchCardsOf(transaction_, id(), member_.id);
    if (!touched.ok()) return std::move(touched).error();
    return true;
  }

 private:
  const ProgrammeId& id() const { return programme_.programme.id; }
  std::string to() const { return next_ ? next_->level : std::string(); }

  // What was kept by which rules, and what is to be.
  Status Look() {
    auto kept = transaction_.Tiers().FindTier(id(), member_.id);
    if (!kept.ok()) return std::move(kept).error();
    kept_ = std::move(kept).value();
    auto rules = RulesAt(transaction_, programme_, transaction_.Now());
    if (!rules.ok()) return std::move(rules).error();
    rules_ = std::move(rules).value();
    auto before = kept_ ? RulesOfVersion(transaction_, programme_, kept_->rule_set)
                        : Result<RulesPtr>(rules_);
    if (!before.ok()) return std::move(before).error();
    before_ = std::move(before).value();
    return rules_->tiers.levels.empty() ? Status() : LookNext();
  }

  Status LookNext() {
    const auto zone = calendar::TimeZone::Find(programme_.programme.time_zone);
    if (!zone.ok()) return zone.error();
    const auto progress = ProgressOf(transaction_, programme_, member_.id);
    if (!progress.ok()) return progress.error();
    next_ = KeptTierOf(*rules_, zone.value(), progress.value(), transaction_.Now());
    // Who was never looked at began where everybody begins.
    const auto beginning = KeptTierOf(*rules_, zone.value(), {}, transaction_.Now());
    from_ = kept_ ? kept_->level : beginning->level;
    const Timestamp since = kept_ ? kept_->since : member_.created_at;
    next_->since = next_->level == from_ ? since : transaction_.Now();
    return {};
  }

  bool IsNews() const {
    if (!next_) return kept_.has_value();
    if (kept_) return *kept_ != *next_;
    return cause_.other_rules || !IsBeginning(rules_->tiers, *next_);
  }

  Status Keep() {
    if (!next_) {
      from_ = kept_->level;
      return transaction_.Tiers().DropTier(id(), member_.id);
    }
    return transaction_.Tiers().PutTier(id(), member_.id, *next_);
  }

  Status Record() {
    const Json note = {{"reason", "from " + LevelText(from_) + " to " + LevelText(to())}};
    return RecordService(transaction_, id(), member_.account,
                         {.type = ledger::EntryType::kTierChange,
                          .document = DocumentOf(cause_, rules_->version),
                          .due = std::nullopt},
                         {.actor = cause_.actor, .note = note, .random = site_.random.get()});
  }

  // Also on cards that came after the level, and when rules give the level another template.
  Status ShowDesign() {
    if (!HasTemplates(*rules_) && !HasTemplates(*before_)) return {};
    auto cards = transaction_.CardsOfMember(id(), member_.id);
    if (!cards.ok()) return std::move(cards).error();
    const TemplateName wanted = TemplateOf(rules_->tiers, to());
    for (const cards::Card& card : cards.value()) {
      if (card.status == cards::CardStatus::kClosed) continue;
      if (Status shown = ShowDesignOn(card, wanted); !shown.ok()) return shown;
    }
    return {};
  }

  Status ShowDesignOn(const cards::Card& card, const TemplateName& wanted) {
    const auto own = transaction_.Tiers().FindOwnTemplate(id(), card.id);
    if (!own.ok()) return own.error();
    const TemplateName base = own.value().value_or(card.template_name);
    const TemplateName& target = wanted.str().empty() ? base : wanted;
    if (target == card.template_name) return {};
    auto shown = ShowTemplate(transaction_, id(), card, target);
    if (!shown.ok()) return std::move(shown).error();
    if (!shown.value()) return {};
    designed_ = true;
    return transaction_.Tiers().PutOwnTemplate(id(), card.id,
                                               target == base ? std::nullopt : std::optional(base));
  }

  // Whether a card can tell the difference.
  bool ShowsOther() const {
    if (!kept_ && cause_.other_rules) return true;
    const auto look = [](const std::optional<MemberTier>& tier) {
      const MemberTier shown = tier.value_or(MemberTier());
      const auto next = shown.next.value_or(programme::NextLevel());
      return std::tuple(tier.has_value(), shown.name, shown.ppm, shown.discount_ppm, shown.metric,
                        next.name, next.missing);
    };
    const KeptTier before = kept_.value_or(KeptTier{.level = from_, .since = {}});
    const auto now = next_ ? Describe(rules_->tiers, *next_) : std::nullopt;
    return look(Describe(before_->tiers, before)) != look(now);
  }

  Transaction& transaction_;
  const Site& site_;
  const ProgrammeSite& programme_;
  const cards::Member& member_;
  const TierCause& cause_;
  std::optional<KeptTier> kept_;
  std::optional<KeptTier> next_;  // Nothing: there are no levels any more.
  std::string from_;
  RulesPtr rules_;
  RulesPtr before_;
  bool designed_ = false;  // A card has another template.
};

}  // namespace

Result<bool> ReviewTier(Transaction& transaction, const Site& site, const ProgrammeSite& programme,
                        const cards::Member& member, const TierCause& cause) {
  if (member.erased || !member.merged_into.empty()) return false;
  return Review(transaction, site, programme, member, cause).Run();
}

Result<bool> ReviewCounted(Transaction& transaction, const Site& site,
                           const ProgrammeSite& programme, const MemberId& member,
                           const TierCause& cause) {
  const auto rules = RulesAt(transaction, programme, transaction.Now());
  if (!rules.ok()) return rules.error();
  if (rules.value()->tiers.levels.empty()) return false;
  const auto found = transaction.FindMember(programme.programme.id, member);
  if (!found.ok()) return found.error();
  if (!found.value()) return false;
  return ReviewTier(transaction, site, programme, *found.value(), cause);
}

}  // namespace passmint::issuance
