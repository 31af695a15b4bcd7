#include "push/apple_pushes.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "push/apple_errors.h"

namespace passmint::push {
namespace {

using issuance::Delivery;
using issuance::DuePush;
using issuance::Transaction;
using Kind = ApplePushOutcome::Kind;

constexpr std::string_view kChannel = "apple";
constexpr std::chrono::hours kKeptByApns{72};  // Until then a phone that is off gets its push.
constexpr std::chrono::seconds kClockSlack{2};

Timestamp Sooner(const std::optional<Timestamp>& one, Timestamp other) {
  return std::min(one.value_or(other), other);
}

// The way to APNs is broken, not this push.
bool IsLaneTrouble(const ApplePushOutcome& outcome) {
  if (outcome.kind == Kind::kLaneStopped) return true;
  return outcome.kind == Kind::kRetry && outcome.status == 0 && outcome.reason != "Stopping";
}

bool IsReleased(const ApplePushOutcome& outcome) {
  return outcome.kind == Kind::kLaneStopped ||
         (outcome.kind == Kind::kRetry && outcome.status == 0 && !outcome.sent);
}

std::string NameOf(const ApplePushOutcome& outcome) {
  return outcome.reason.empty() ? std::string(ToString(outcome.kind)) : outcome.reason;
}

}  // namespace

ApplePushes::ApplePushes(ApplePushesParts parts)
    : parts_(std::move(parts)), answers_(std::make_shared<Answers>()) {
  for (const auto& [id, programme] : parts_.programmes) {
    lanes_[id];
    reports_[id].programme = id;
  }
}

Pace ApplePushes::PaceOf(const ProgrammeId& programme) const {
  const auto found = parts_.programmes.find(programme);
  if (found == parts_.programmes.end()) return {{}, parts_.time_lapse};
  return {found->second.quiet, parts_.time_lapse};
}

std::uint32_t ApplePushes::Dice() {
  std::uint32_t dice = 0;
  for (const char byte : parts_.random.Bytes(sizeof dice)) {
    dice = dice << 8 | static_cast<unsigned char>(byte);
  }
  return dice;
}

int ApplePushes::Room(const ProgrammeId& programme, Timestamp now) const {
  const auto found = lanes_.find(programme);
  if (found == lanes_.end()) return 0;
  const Lane& lane = found->second;
  const int most = std::min(kInFlightMax, static_cast<int>(parts_.sender.pushes_max()));
  if (!lane.paused_until) return most - lane.in_flight;
  // One goes ahead to see whether the way is free. A pause is never longer than the longest.
  const bool is_over = now >= *lane.paused_until || *lane.paused_until - now > kLanePause.longest;
  return is_over && lane.in_flight == 0 ? 1 : 0;
}

std::chrono::microseconds ApplePushes::UntilNext(Timestamp now) const {
  const std::chrono::microseconds longest = kLookEvery;
  if (!next_due_) return longest;
  return std::clamp(*next_due_ - now, std::chrono::microseconds(0), longest);
}

Result<ApplePushes::Round> ApplePushes::Run() {
  Round round;
  Todo todo = TakeTodo();
  if (!todo.look) {
    // The store's clock, without asking the store when there is nothing else to do.
    Status read = parts_.store.Read([&](Transaction& transaction) -> Status {
      const Timestamp now = transaction.Now();
      todo.pull = !looked_at_ || now + kClockSlack < last_now_;
      todo.look = look_again_ || todo.pull || now - *looked_at_ >= kLookEvery ||
                  (next_due_ && *next_due_ <= now);
      round.wait = UntilNext(now);
      return {};
    });
    if (!read.ok()) return std::move(read).error();
  }
  const bool may_claim = std::any_of(lanes_.begin(), lanes_.end(), [this](const auto& lane) {
    return lane.second.more_due && Room(lane.first, last_now_) > 0;
  });
  if (todo.answers.empty() && todo.wanted.cards.empty() && !todo.look && !may_claim) return round;
  if (todo.look) {
    auto looked = Look();
    if (!looked.ok()) {
      unsettled_ = std::move(todo.answers);
      look_again_ = true;
      return std::move(looked).error();
    }
    looked_at_ = looked.value();
  }
  Plan plan;
  Status written = parts_.store.Write([&](Transaction& transaction) {
    plan = {};
    return Decide(transaction, todo, plan);
  });
  if (!written.ok()) {
    unsettled_ = std::move(todo.answers);
    look_again_ = true;
    return std::move(written).error();
  }
  Commit(todo, plan, round);
  round.wait = UntilNext(plan.now);
  Send(std::move(plan.claimed));
  return round;
}

ApplePushes::Todo ApplePushes::TakeTodo() {
  Todo todo{.answers = std::exchange(unsettled_, {}), .wanted = parts_.queue->Take(kCardsPerRound)};
  todo.look = todo.wanted.overflowed;
  const std::lock_guard<std::mutex> lock(answers_->mutex);
  std::move(answers_->list.begin(), answers_->list.end(), std::back_inserter(todo.answers));
  answers_->list.clear();
  // Rows are locked in this order by everybody.
  std::stable_sort(todo.answers.begin(), todo.answers.end(),
                   [](const Answered& a, const Answered& b) { return a.sent < b.sent; });
  return todo;
}

// Without writing: who has something due, and how much.
Result<Timestamp> ApplePushes::Look() {
  Timestamp now;
  std::optional<Timestamp> due;
  std::map<ProgrammeId, issuance::DeliveryTables::Backlog> backlogs;
  Status read = parts_.store.Read([&](Transaction& transaction) -> Status {
    now = transaction.Now();
    backlogs.clear();
    due.reset();
    for (const auto& lane : lanes_) {
      auto backlog = transaction.PushBacklog(lane.first, now, kBacklogCounted);
      if (!backlog.ok()) return std::move(backlog).error();
      backlogs[lane.first] = backlog.value();
      auto next = transaction.NextPush(lane.first);
      if (!next.ok()) return std::move(next).error();
      if (next.value() && *next.value() > now) due = Sooner(due, *next.value());
    }
    return {};
  });
  if (!read.ok()) return std::move(read).error();
  next_due_ = due;
  const std::lock_guard<std::mutex> lock(report_mutex_);
  for (const auto& [programme, backlog] : backlogs) {
    lanes_[programme].more_due = backlog.count > 0;
    PushReport& report = reports_[programme];
    report.backlog = backlog.count;
    report.oldest = std::chrono::seconds(0);
    if (backlog.oldest) {
      report.oldest = std::chrono::duration_cast<std::chrono::seconds>(now - *backlog.oldest);
    }
  }
  return now;
}

Status ApplePushes::Decide(Transaction& transaction, const Todo& todo, Plan& plan) {
  plan.now = transaction.Now();
  for (const auto& [programme, lane] : lanes_) {
    plan.room[programme] = Room(programme, plan.now);
    plan.more_due[programme] = lane.more_due;
  }
  if (Status settled = SettleAll(transaction, todo.answers, plan); !settled.ok()) return settled;
  const Timestamp until = plan.now + kLease;
  for (const issuance::WantedDelivery& card : todo.wanted.cards) {
    auto delivery = transaction.ClaimDelivery(kChannel, card.programme, card.card, plan.now, until);
    if (!delivery.ok()) return std::move(delivery).error();
    if (!delivery.value()) continue;
    if (Status done = FanOut(transaction, *delivery.value(), plan); !done.ok()) return done;
  }
  if (todo.pull) {
    const Timestamp horizon = plan.now + kPutOffMax;
    Status pulled = transaction.PullDeliveriesFrom(horizon, plan.now);
    for (const auto& lane : lanes_) {
      if (pulled.ok()) pulled = transaction.PullPushesFrom(lane.first, horizon, plan.now);
    }
    if (!pulled.ok()) return pulled;
  }
  if (todo.look) {
    auto due = transaction.ClaimDeliveries(kChannel, plan.now, until, kCardsPerRound);
    if (!due.ok()) return std::move(due).error();
    plan.more_deliveries = due.value().size() >= static_cast<std::size_t>(kCardsPerRound);
    for (const Delivery& delivery : due.value()) {
      if (Status done = FanOut(transaction, delivery, plan); !done.ok()) return done;
    }
  }
  for (const auto& lane : lanes_) {
    if (!plan.more_due[lane.first]) continue;
    if (Status done = ClaimDue(transaction, lane.first, plan); !done.ok()) return done;
  }
  return {};
}

Status ApplePushes::SettleAll(Transaction& transaction, const std::vector<Answered>& answers,
                              Plan& plan) {
  for (const Answered& answered : answers) {
    if (Status done = SettleOne(transaction, answered, plan); !done.ok()) return done;
  }
  return {};
}

Status ApplePushes::SettleOne(Transaction& transaction, const Answered& answered, Plan& plan) {
  const Sent& sent = answered.sent;
  auto found = transaction.FindPush(sent.programme, sent.device);
  if (!found.ok()) return std::move(found).error();
  if (!found.value()) return {};
  issuance::DevicePush& push = found.value()->push;
  if (!answered.outcome || IsReleased(*answered.outcome)) {
    if (answered.outcome) push.failure = NameOf(*answered.outcome);
    Release(push, plan.now, PaceOf(sent.programme));
    return Save(transaction, push, plan);
  }
  const ApplePushOutcome& outcome = *answered.outcome;
  if (outcome.kind == Kind::kGone || outcome.kind == Kind::kBadToken) {
    // Without a time of APNs' the token was wrong when we sent.
    const Timestamp since = outcome.gone_since.value_or(sent.attempt.sent_at);
    auto removed = transaction.RemoveDevice(sent.programme, sent.device, sent.token, since);
    if (!removed.ok()) return std::move(removed).error();
    if (removed.value()) {
      ++plan.removed[sent.programme];
      return {};
    }
  }
  Settle(push, sent.attempt, outcome, plan.now, PaceOf(sent.programme), Dice());
  return Save(transaction, push, plan);
}

Status ApplePushes::Save(Transaction& transaction, const issuance::DevicePush& push, Plan& plan) {
  if (push.due_at && *push.due_at > plan.now) plan.next_due = Sooner(plan.next_due, *push.due_at);
  return transaction.SavePush(push);
}

Status ApplePushes::FanOut(Transaction& transaction, const Delivery& delivery, Plan& plan) {
  auto pushes = transaction.WantPushes(delivery.programme, delivery.card);
  if (!pushes.ok()) return std::move(pushes).error();
  for (DuePush& due : pushes.value()) {
    Status done = ScheduleOne(transaction, std::move(due), plan);
    if (!done.ok()) return done;
  }
  return transaction.KeepDelivery(kChannel, delivery.programme, delivery.card, delivery.wanted,
                                  plan.now);
}

void ApplePushes::Claim(const DuePush& due, Plan& plan) {
  const issuance::DevicePush& push = due.push;
  plan.claimed[{push.programme, push.device}] = {
      .programme = push.programme,
      .device = push.device,
      .token = due.target->token,
      .attempt = {.wanted = push.wanted, .sent_at = plan.now}};
}

Status ApplePushes::ScheduleOne(Transaction& transaction, DuePush due, Plan& plan) {
  const ProgrammeId& programme = due.push.programme;
  const std::optional<Timestamp> before = due.push.due_at;
  Schedule(due.push, plan.now, PaceOf(programme));
  if (const auto claimed = plan.claimed.find({programme, due.push.device});
      claimed != plan.claimed.end()) {
    // The push of another of its cards, which has not gone yet, tells of this one as well.
    claimed->second.attempt.wanted = due.push.wanted;
  }
  if (due.push.due_at == before) return {};
  const bool at_once = due.push.due_at && *due.push.due_at <= plan.now && due.target;
  if (at_once && plan.room[programme] > 0) {
    --plan.room[programme];
    due.push.due_at = plan.now + kLease;
    Charge(due.push, plan.now, PaceOf(programme));
    Claim(due, plan);
  } else if (at_once) {
    plan.more_due[programme] = true;
  }
  return Save(transaction, due.push, plan);
}

Status ApplePushes::ClaimDue(Transaction& transaction, const ProgrammeId& programme, Plan& plan) {
  const int room = plan.room[programme];
  if (room <= 0) return {};
  auto due = transaction.ClaimPushes(programme, plan.now, plan.now + kLease, room);
  if (!due.ok()) return std::move(due).error();
  plan.more_due[programme] = due.value().size() >= static_cast<std::size_t>(room);
  const Pace pace = PaceOf(programme);
  for (DuePush& one : due.value()) {
    // Quiet hours may have begun since it was put off, or a process that died has charged a push.
    const Timestamp earliest = EarliestPush(one.push, plan.now, pace);
    Status done;
    if (!one.target) {
      done = transaction.DeletePush(programme, one.push.device);
    } else if (!NeedsPush(one.push, one.target->listed_at)) {
      Rest(one.push);
      done = Save(transaction, one.push, plan);
    } else if (earliest > plan.now) {
      one.push.due_at = earliest;
      done = Save(transaction, one.push, plan);
    } else {
      Charge(one.push, plan.now, pace);
      Claim(one, plan);
      done = Save(transaction, one.push, plan);
    }
    if (!done.ok()) return done;
  }
  return {};
}

void ApplePushes::Commit(const Todo& todo, const Plan& plan, Round& round) {
  last_now_ = plan.now;
  if (plan.next_due) next_due_ = Sooner(next_due_, *plan.next_due);
  look_again_ = plan.more_deliveries;
  for (const Answered& answered : todo.answers) NoteLane(answered, plan.now);
  round.more = todo.wanted.more || plan.more_deliveries;
  for (auto& [programme, lane] : lanes_) {
    lane.more_due = plan.more_due.at(programme);
    lane.in_flight += static_cast<int>(
        std::count_if(plan.claimed.begin(), plan.claimed.end(),
                      [&id = programme](const auto& sent) { return sent.first.first == id; }));
    if (lane.more_due && Room(programme, plan.now) > 0) round.more = true;
  }
  Publish(todo.answers, plan, round);
}

void ApplePushes::NoteLane(const Answered& answered, Timestamp now) {
  const auto found = lanes_.find(answered.sent.programme);
  if (found == lanes_.end()) return;
  Lane& lane = found->second;
  --lane.in_flight;
  if (!answered.outcome) {
    lane.more_due = true;
    return;
  }
  if (!IsLaneTrouble(*answered.outcome)) {
    if (answered.outcome->reason == "Stopping") return;
    lane.troubles = 0;
    lane.paused_until.reset();
    lane.stopped.clear();
    return;
  }
  lane.stopped = answered.outcome->detail;
  // Many that failed together are one trouble.
  if (lane.paused_until && *lane.paused_until > now) return;
  ++lane.troubles;
  lane.paused_until = now + BackOff(kLanePause, lane.troubles, Dice()) / parts_.time_lapse;
}

void ApplePushes::Send(Claimed&& claimed) {
  // One push tells a phone of everything, whatever number of devices it counts as.
  std::map<std::pair<ProgrammeId, PushToken>, std::vector<Sent>> by_token;
  for (auto& [device, sent] : claimed) {
    const std::pair<ProgrammeId, PushToken> key(sent.programme, sent.token);
    by_token[key].push_back(std::move(sent));
  }
  for (auto& [key, group] : by_token) {
    const auto programme = parts_.programmes.find(key.first);
    const auto shared = std::make_shared<const std::vector<Sent>>(std::move(group));
    const auto done = [answers = answers_, queue = parts_.queue,
                       shared](const std::optional<ApplePushOutcome>& outcome) {
      {
        const std::lock_guard<std::mutex> lock(answers->mutex);
        for (const Sent& sent : *shared) answers->list.push_back({sent, outcome});
      }
      queue->Ring();
    };
    const ApplePush push{.pass_type = programme->second.pass_type,
                         .push_token = key.second,
                         .expires_at = shared->front().attempt.sent_at + kKeptByApns};
    const bool taken =
        parts_.sender.TrySend(push, [done](const ApplePushOutcome& outcome) { done(outcome); });
    if (!taken) done(std::nullopt);
  }
}

void ApplePushes::Publish(const std::vector<Answered>& answers, const Plan& plan, Round& round) {
  std::map<std::pair<ProgrammeId, std::string>, PushEvent> events;
  const std::lock_guard<std::mutex> lock(report_mutex_);
  for (const Answered& answered : answers) {
    if (!answered.outcome) continue;
    const std::string name = NameOf(*answered.outcome);
    ++reports_[answered.sent.programme].outcomes[name];
    PushEvent& event = events[{answered.sent.programme, name}];
    event = {.programme = answered.sent.programme,
             .kind = answered.outcome->kind,
             .reason = name,
             .detail = answered.outcome->detail,
             .count = event.count + 1};
  }
  for (const auto& [programme, count] : plan.removed) reports_[programme].removed += count;
  for (const auto& [programme, lane] : lanes_) reports_[programme].stopped = lane.stopped;
  for (auto& [key, event] : events) round.events.push_back(std::move(event));
}

Status ApplePushes::Finish() {
  Todo todo = TakeTodo();
  if (todo.answers.empty()) return {};
  return parts_.store.Write([&](Transaction& transaction) {
    Plan plan;
    plan.now = transaction.Now();
    return SettleAll(transaction, todo.answers, plan);
  });
}

std::vector<PushReport> ApplePushes::Reports() const {
  std::vector<PushReport> reports;
  const std::lock_guard<std::mutex> lock(report_mutex_);
  reports.reserve(reports_.size());
  for (const auto& report : reports_) reports.push_back(report.second);
  return reports;
}

}  // namespace passmint::push
