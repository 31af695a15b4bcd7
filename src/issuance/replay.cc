#include "issuance/replay.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "calendar/time_zone.h"
#include "issuance/kept_order.h"
#include "issuance/member_progress.h"
#include "issuance/memberships.h"
#include "issuance/rule_counts.h"
#include "issuance/rule_facts.h"
#include "programme/evaluation.h"

namespace passmint::issuance {
namespace {

using programme::RuleSet;

constexpr int kOrdersRead = 1000;  // In one transaction.
constexpr std::size_t kMembersRead = 500;

// An order of the time that is replayed.
struct Played {
  Timestamp paid_at;
  OrderSource source;
  OrderId id;
  MemberId member;
  std::string card;
  programme::Basket basket;
  ledger::OrderRecord record;
};

std::int64_t EarnedBy(const ledger::OrderRecord& record) {
  std::int64_t points = 0;
  for (const ledger::LineRecord& line : record.lines) points += line.earned;
  for (const ledger::Grant& grant : record.grants) points += grant.points;
  return points;
}

std::int64_t BurnedBy(const ledger::OrderRecord& record) {
  std::int64_t points = 0;
  for (const ledger::LineRecord& line : record.lines) points += line.burned;
  return points;
}

// What is known of a member while orders go by.
struct Member {
  MemberProgress progress;
  programme::MemberFacts facts;
  std::vector<Membership> memberships;  // Those that lapse behind the begin of the time.
  NowAndDraft earned;
  bool played = false;
};

class Player {
 public:
  Player(Store& store, const ProgrammeSite& programme, const calendar::TimeZone& zone,
         const RuleSet& draft, const ReplayRequest& request)
      : store_(store),
        programme_(programme),
        zone_(zone),
        draft_(draft),
        needs_(NeedsOf(draft)),
        request_(request) {}

  Status Read(const OnReplayProgress& on_progress) {
    OrderSource source("");
    OrderId id("");
    for (;;) {
      std::vector<OrderToReplay> page;
      Status done = store_.Read([&](Transaction& transaction) -> Status {
        auto found = transaction.Replays().OrdersToReplay(programme_.programme.id, source, id,
                                                          request_, kOrdersRead);
        if (!found.ok()) return std::move(found).error();
        page = std::move(found).value();
        return {};
      });
      if (!done.ok()) return done;
      if (page.empty()) return {};
      source = page.back().source;
      id = page.back().id;
      progress_.read += static_cast<std::int64_t>(page.size());
      for (OrderToReplay& order : page) {
        if (Status taken = Take(std::move(order)); !taken.ok()) return taken;
      }
      if (Status told = TellProgress(on_progress); !told.ok()) return told;
    }
  }

  // What is known of members beside their orders, if the draft looks at it.
  Status ReadMembers(const OnReplayProgress& on_progress) {
    const bool looks = needs_.member || needs_.groups || needs_.ties || needs_.memberships;
    if (!looks) return {};
    std::vector<const std::string*> ids;
    for (const auto& [id, member] : members_) {
      if (member.played) ids.push_back(&id);
    }
    for (std::size_t begin = 0; begin < ids.size(); begin += kMembersRead) {
      const std::size_t end = std::min(ids.size(), begin + kMembersRead);
      Status done = store_.Read([&](Transaction& transaction) -> Status {
        for (std::size_t i = begin; i < end; ++i) {
          if (Status read = ReadMember(transaction, *ids[i]); !read.ok()) return read;
        }
        return {};
      });
      if (!done.ok()) return done;
      if (Status told = TellProgress(on_progress); !told.ok()) return told;
    }
    return {};
  }

  // The cards' own rates, if the draft looks at them.
  Status ReadCards() {
    if (!needs_.card) return {};
    for (const Played& order : played_) rates_[order.card];
    return store_.Read([&](Transaction& transaction) -> Status {
      for (auto& [card, rate] : rates_) {
        const auto terms = transaction.CardTerms().FindCardTerms(programme_.programme.id, card);
        if (!terms.ok()) return terms.error();
        rate = terms.value() ? terms.value()->rate_ppm : std::nullopt;
      }
      return {};
    });
  }

  Status Play(const OnReplayProgress& on_progress) {
    progress_.to_judge = static_cast<std::int64_t>(played_.size());
    std::sort(played_.begin(), played_.end(), [](const Played& a, const Played& b) {
      return std::tie(a.paid_at, a.source, a.id) < std::tie(b.paid_at, b.source, b.id);
    });
    for (Played& order : played_) {
      PlayOne(order);
      if (++progress_.judged % kOrdersRead != 0) continue;
      if (Status told = TellProgress(on_progress); !told.ok()) return told;
    }
    return TellProgress(on_progress);
  }

  Replay Finish() && {
    for (const auto& [id, member] : members_) {
      const std::int64_t difference = member.earned.draft - member.earned.now;
      if (difference > 0) ++replay_.gain;
      if (difference < 0) ++replay_.lose;
      if (difference != 0) replay_.members.push_back({MemberId(id), member.earned});
    }
    KeepLargest(replay_.members, [](const ReplayedMember& one) { return one.member.str(); });
    KeepLargest(replay_.examples,
                [](const ReplayedOrder& one) { return std::tie(one.source, one.id); });
    for (const programme::Budget& budget : draft_.budgets) {
      replay_.budgets.push_back({budget.id, spent_[budget.id], budget.cap});
    }
    return std::move(replay_);
  }

 private:
  Status TellProgress(const OnReplayProgress& on_progress) const {
    if (!on_progress || on_progress(progress_)) return {};
    return Error{
        .code = ErrorCode::kConflict, .message = "the replay was cancelled", .reason = "cancelled"};
  }

  Status Take(OrderToReplay order) {
    if (order.paid_at >= request_.to) return {};
    const bool before = order.paid_at < request_.from;
    if (before && !needs_.progress) return {};
    Member& member = members_[order.member.str()];
    if (before) {
      Add(order.record, order.paid_at, DayOf(order.paid_at), member.progress);
      return {};
    }
    auto basket = ReadKeptBasket(order.body, order.source, programme_.programme);
    if (!basket.ok() && basket.error().code != ErrorCode::kGone) return std::move(basket).error();
    if (!basket.ok()) {
      ++replay_.erased;
      return {};
    }
    if (played_.size() == kReplayOrdersMax) {
      return InvalidInput("out_of_range", "/from", "that are too many orders; take a shorter time");
    }
    member.played = true;
    played_.push_back({.paid_at = order.paid_at,
                       .source = std::move(order.source),
                       .id = std::move(order.id),
                       .member = std::move(order.member),
                       .card = std::move(order.card),
                       .basket = std::move(basket).value(),
                       .record = std::move(order.record)});
    return {};
  }

  Status ReadMember(Transaction& transaction, const std::string& id) {
    const ProgrammeId& programme = programme_.programme.id;
    programme::MemberFacts& facts = members_[id].facts;
    if (needs_.member) {
      const auto found = transaction.FindMember(programme, MemberId(id));
      if (!found.ok()) return found.error();
      if (found.value()) facts = MemberFactsOf(*found.value());
    }
    if (needs_.memberships) {
      auto known = transaction.CardTerms().MembershipsOf(programme, MemberId(id), request_.from,
                                                         kMembershipsMax);
      if (!known.ok()) return std::move(known).error();
      members_[id].memberships = std::move(known).value();
    }
    return TellTies(transaction, programme, needs_, MemberId(id), transaction.Now(), facts);
  }

  void PlayOne(Played& order) {
    Member& member = members_[order.member.str()];
    const std::int64_t burned = BurnedBy(order.record);
    const NowAndDraft earned{EarnedBy(order.record), Judge(order, burned, member)};
    ++replay_.orders;
    replay_.spent.now += burned;
    replay_.earned.now += earned.now;
    replay_.earned.draft += earned.draft;
    member.earned.now += earned.now;
    member.earned.draft += earned.draft;
    if (earned.now == earned.draft) return;
    ++replay_.changed;
    replay_.examples.push_back({order.id, order.source, earned});
    // So that a replay of many orders keeps few of them.
    if (replay_.examples.size() > 10'000) {
      KeepLargest(replay_.examples,
                  [](const ReplayedOrder& one) { return std::tie(one.source, one.id); });
    }
  }

  // What the draft gives, which counts from then on.
  std::int64_t Judge(Played& order, std::int64_t burned, Member& member) {
    programme::Facts facts;
    facts.member = member.facts;
    facts.member.memberships = PlansAt(member.memberships, order.paid_at);
    if (needs_.card) facts.member.card_ppm = rates_[order.card];
    if (needs_.progress) Tell(member.progress, draft_, zone_, order.paid_at, facts);
    for (const programme::Budget& budget : draft_.budgets) {
      if (budget.cap) facts.budget_left[budget.id] = *budget.cap - spent_[budget.id];
    }
    order.basket.burn_at_most = burned;
    const auto evaluation = programme::Evaluate(draft_, zone_, order.basket, facts, order.paid_at);
    if (!evaluation.ok()) ++replay_.refused;
    const std::int64_t earned = evaluation.ok() ? evaluation.value().earned : 0;
    if (evaluation.ok()) {
      replay_.spent.draft += evaluation.value().burned;
      const Counted counted = CountedBy(draft_, zone_, evaluation.value(), order.paid_at);
      for (const Counted::Spent& spent : counted.spent) spent_[spent.budget] += spent.amount;
      if (needs_.progress) CountInto(counted, member.progress);
    }
    if (needs_.progress) Count(order, earned, member.progress);
    return earned;
  }

  // The order as it is today, refunds taken off, with the draft's points.
  void Count(const Played& order, std::int64_t earned, MemberProgress& progress) const {
    ledger::OrderRecord record = order.record;
    for (ledger::LineRecord& line : record.lines) line.earned = line.clawed = 0;
    record.grants.clear();
    if (!IsRefunded(record)) record.grants.push_back({.rule = {}, .points = earned, .clawed = 0});
    Add(record, order.paid_at, DayOf(order.paid_at), progress);
  }

  template <class Differing, class Key>
  void KeepLargest(std::vector<Differing>& all, const Key& key) const {
    const auto size = [](const Differing& one) {
      return std::abs(one.earned.draft - one.earned.now);
    };
    std::sort(all.begin(), all.end(), [&](const Differing& a, const Differing& b) {
      return size(a) != size(b) ? size(a) > size(b) : key(a) < key(b);
    });
    const auto most = static_cast<std::size_t>(request_.examples);
    if (all.size() > most) all.erase(all.begin() + request_.examples, all.end());
  }

  std::chrono::sys_days DayOf(Timestamp instant) const {
    return std::chrono::sys_days(zone_.DayAt(instant));
  }

  Store& store_;
  const ProgrammeSite& programme_;
  const calendar::TimeZone& zone_;
  const RuleSet& draft_;
  const RuleNeeds needs_;
  const ReplayRequest& request_;
  std::unordered_map<std::string, Member> members_;
  std::unordered_map<std::string, std::optional<std::int64_t>> rates_;  // By card.
  std::vector<Played> played_;
  std::map<std::string, std::int64_t> spent_;  // By budget.
  ReplayProgress progress_;
  Replay replay_;
};

}  // namespace

Status CheckReplay(const ReplayRequest& request) {
  if (request.to <= request.from) {
    return InvalidInput("out_of_range", "/to", "is not after \"from\"");
  }
  if (request.to - request.from > kReplayDaysMax) {
    return InvalidInput("out_of_range", "/from", "at most 31 days at a time");
  }
  return {};
}

Result<Replay> ReplayRules(Store& store, const ProgrammeSite& programme, const RuleSet& draft,
                           const ReplayRequest& request, const OnReplayProgress& on_progress) {
  if (Status fine = CheckReplay(request); !fine.ok()) return std::move(fine).error();
  const auto zone = calendar::TimeZone::Find(programme.programme.time_zone);
  if (!zone.ok()) return zone.error();
  Player player(store, programme, zone.value(), draft, request);
  if (Status read = player.Read(on_progress); !read.ok()) return std::move(read).error();
  if (Status read = player.ReadMembers(on_progress); !read.ok()) return std::move(read).error();
  if (Status read = player.ReadCards(); !read.ok()) return std::move(read).error();
  if (Status played = player.Play(on_progress); !played.ok()) return std::move(played).error();
  return std::move(player).Finish();
}

}  // namespace passmint::issuance
