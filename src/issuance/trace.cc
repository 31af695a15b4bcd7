#include "issuance/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "crypto/digest.h"
#include "issuance/card_life.h"
#include "issuance/design_choice.h"
#include "issuance/points.h"
#include "issuance/trace_google.h"
#include "ledger/codec.h"

namespace passmint::issuance {
namespace {

struct Remedy {
  std::string_view reason;  // Of the failed push, or kind of the log.
  std::string_view cure;
};

constexpr Remedy kPushRemedies[] = {
    {"BadCertificate", "renew the pass certificate: passmint cert csr"},
    {"Forbidden", "renew the pass certificate: passmint cert csr"},
    {"BadTopic", "the certificate is of another pass type: passmint check"},
    {"TopicDisallowed", "the certificate is of another pass type: passmint check"},
    {"ConnectFailed", "let the service reach api.push.apple.com, port 443"},
    {"ConnectionLost", "let the service reach api.push.apple.com, port 443"},
    {"RequestTimeout", "let the service reach api.push.apple.com, port 443"},
};
constexpr Remedy kLogRemedies[] = {
    {"authentication_failure", "the pass has another token than we: let the customer add it again"},
    {"unexpected_status", "look into the service's log for this time"},
    {"malformed_list", "something between phone and service changes answers: look at the proxy"},
    {"invalid_pass", "the phone refuses the pass: passmint check, passmint pass verify"},
    {"wrong_pass", "a cache stands in front of the service: turn it off for /apple/"},
    {"no_last_modified", "a proxy drops headers: let Last-Modified pass"},
};

std::string_view CureIn(const Remedy* begin, const Remedy* end, std::string_view reason,
                        std::string_view otherwise) {
  const Remedy* const found =
      std::find_if(begin, end, [reason](const Remedy& one) { return one.reason == reason; });
  return found == end ? otherwise : found->cure;
}

// The phone that is furthest behind says how far the change is.
const DuePush* FirstUntold(const TraceRows& rows) {
  const auto untold = std::find_if(rows.phones.begin(), rows.phones.end(), [](const DuePush& one) {
    return one.push.wanted > one.push.told;
  });
  return untold == rows.phones.end() ? nullptr : &*untold;
}

std::optional<Timestamp> LastPush(const TraceRows& rows) {
  std::optional<Timestamp> last;
  for (const DuePush& phone : rows.phones) last = std::max(last, phone.push.pushed_at);
  return last;
}

std::optional<Timestamp> LastListing(const TraceRows& rows) {
  std::optional<Timestamp> last;
  for (const DuePush& phone : rows.phones) {
    if (phone.target) last = std::max(last, phone.target->listed_at);
  }
  return last;
}

bool IsFetched(const TraceRows& rows) {
  return rows.fetch && rows.fetch->revision >= rows.card.revision &&
         rows.fetch->at >= rows.changed_at;
}

TraceStep Registered(const TraceRows& rows) {
  TraceStep step{.name = "registered"};
  if (!rows.has_apple) {
    step.detail = "the programme has no Apple certificate";
    return step;
  }
  if (rows.phones.empty()) {
    step.state = rows.google ? TraceState::kNone : TraceState::kBroken;
    step.detail = "no iPhone has registered for the card";
    step.cure = rows.google ? ""
                            : "open the card's page on the phone and add it; if it was added, see "
                              "that the phone reaches public_url over https";
    return step;
  }
  step.state = TraceState::kDone;
  step.detail = fmt::format("{} {}", rows.phones.size(),
                            rows.phones.size() == 1 ? "phone has" : "phones have");
  step.detail += " registered for the card";
  for (const DuePush& phone : rows.phones) {
    if (phone.target) step.at = std::max(step.at, std::optional(phone.target->registered_at));
  }
  return step;
}

TraceStep Pushed(const TraceRows& rows) {
  TraceStep step{.name = "pushed"};
  if (rows.phones.empty() || IsFetched(rows)) {
    step.at = LastPush(rows);
    if (IsFetched(rows)) step.state = TraceState::kDone;
    if (IsFetched(rows) && !step.at) step.detail = "the phone asked by itself";
    return step;
  }
  const DuePush* const untold = FirstUntold(rows);
  if (untold == nullptr && rows.apple && rows.apple->sent < rows.apple->wanted) {
    step.state = TraceState::kWaiting;
    step.detail = "the push is about to be sent";
    return step;
  }
  if (untold == nullptr) {
    step.at = LastPush(rows);
    step.state = step.at ? TraceState::kDone : TraceState::kWaiting;
    step.detail = step.at ? "APNs has taken the push" : "there was no change to push yet";
    if (!rows.phones.front().push.apns_id.empty()) {
      step.detail += ", apns-id " + rows.phones.front().push.apns_id;
    }
    return step;
  }
  const DevicePush& push = untold->push;
  step.state = push.failure.empty() ? TraceState::kWaiting : TraceState::kBroken;
  if (push.failure.empty()) {
    step.detail = "it waits for " + FormatRfc3339(push.due_at.value_or(rows.now)) +
                  ", since a phone may not be pushed more often";
    return step;
  }
  step.detail = fmt::format("the push failed: {}, {} times", push.failure, push.attempts);
  step.cure = CureIn(std::begin(kPushRemedies), std::end(kPushRemedies), push.failure,
                     "nothing: it is sent again by itself; if it goes on, see /readyz");
  return step;
}

TraceStep Listed(const TraceRows& rows) {
  TraceStep step{.name = "listed", .at = LastListing(rows)};
  const std::optional<Timestamp> pushed = LastPush(rows);
  if (rows.phones.empty()) return step;
  if (IsFetched(rows) ||
      (step.at && *step.at >= rows.changed_at && (!pushed || *step.at >= *pushed))) {
    step.state = TraceState::kDone;
    return step;
  }
  if (!pushed) return step;
  const bool late = rows.now - *pushed > kPatience;
  step.state = late ? TraceState::kBroken : TraceState::kWaiting;
  step.detail = "no phone has asked since it was pushed";
  if (late) {
    step.cure =
        "the phone is off, has no network, saves power, or has Automatic Updates off for this "
        "card; it is pushed once more six hours later";
  }
  return step;
}

TraceStep Fetched(const TraceRows& rows, bool was_listed) {
  TraceStep step{.name = "fetched"};
  if (rows.fetch) {
    step.at = rows.fetch->at;
    step.detail =
        fmt::format("answered {} with revision {}", rows.fetch->status, rows.fetch->revision);
  }
  if (IsFetched(rows)) {
    step.state = TraceState::kDone;
  } else if (was_listed && !rows.phones.empty()) {
    const bool late = rows.now - rows.changed_at > kPatience;
    step.state = late ? TraceState::kBroken : TraceState::kWaiting;
    step.detail = "the phone has asked, and has not fetched this revision";
    if (late) step.cure = "see the device log below, and the service's log for 401 and 5xx";
  }
  return step;
}

TraceStep DeviceLog(const TraceRows& rows) {
  TraceStep step{.name = "device_log"};
  if (rows.logs.empty()) return step;
  const PhoneLog& log = rows.logs.front();
  step.at = log.logged_at;
  step.detail = log.kind + ": " + log.message;
  if (log.logged_at < rows.changed_at) return step;
  step.cure = LogCure(log.kind);
  // Complaints that a phone gets over by itself.
  step.state = step.cure.empty() || IsFetched(rows) ? TraceState::kNone : TraceState::kBroken;
  if (step.state != TraceState::kBroken) step.cure.clear();
  return step;
}

std::string Summary(const TraceRows& rows, const std::vector<TraceStep>& steps) {
  const std::string start =
      fmt::format("Revision {} of {}", rows.card.revision, FormatRfc3339(rows.changed_at));
  for (const TraceState state : {TraceState::kBroken, TraceState::kWaiting}) {
    const auto found = std::find_if(steps.begin(), steps.end(),
                                    [state](const TraceStep& step) { return step.state == state; });
    if (found == steps.end()) continue;
    if (state == TraceState::kWaiting) return start + " is under way: " + found->detail + ".";
    return start + " is stuck at \"" + found->name + "\": " + found->detail + ". " + found->cure +
           ".";
  }
  if (IsFetched(rows)) {
    return start + " was fetched by a phone at " + FormatRfc3339(rows.fetch->at) + ".";
  }
  return start + " has reached every wallet that the card is in.";
}

Json InstantOrNull(const std::optional<Timestamp>& instant) {
  return instant ? Json(FormatRfc3339(*instant)) : Json(nullptr);
}

Json PhoneJson(const TraceRows& rows, const DuePush& phone) {
  constexpr std::size_t kShown = 8;  // Enough to tell phones of a card apart, useless as an id.
  const DevicePush& push = phone.push;
  const char* state = push.pushed_at ? "accepted" : "waiting";
  if (push.wanted > push.told) state = push.failure.empty() ? "waiting" : "refused";
  return {{"device", "d_" + crypto::Sha256Hex(push.device.str()).substr(0, kShown)},
          {"registered_at",
           FormatRfc3339(phone.target ? phone.target->registered_at : rows.card.created_at)},
          {"pushed_at", InstantOrNull(push.pushed_at)},
          {"push", state},
          {"apns_id", push.apns_id},
          {"listed_at", InstantOrNull(phone.target ? phone.target->listed_at : std::nullopt)},
          {"fetched_at", rows.fetch ? Json(FormatRfc3339(rows.fetch->at)) : Json(nullptr)},
          {"fetched_revision", rows.fetch ? Json(rows.fetch->revision) : Json(nullptr)},
          {"last_log", rows.logs.empty() ? Json(nullptr) : Json(rows.logs.front().message)}};
}

Status ReadWallets(Transaction& transaction, const ProgrammeId& id, TraceRows& rows) {
  const std::string& card = rows.card.id;
  auto phones = transaction.PushesOfCard(id, card, kTracedPhones);
  if (!phones.ok()) return std::move(phones).error();
  rows.phones = std::move(phones).value();
  auto apple = transaction.FindDelivery("apple", id, card);
  if (!apple.ok()) return std::move(apple).error();
  rows.apple = apple.value();
  auto google = transaction.FindDelivery("google", id, card);
  if (!google.ok()) return std::move(google).error();
  rows.google = google.value();
  auto fetch = transaction.FindFetch(id, card);
  if (!fetch.ok()) return std::move(fetch).error();
  rows.fetch = fetch.value();
  auto object = transaction.FindGoogleObject(id, card);
  if (!object.ok()) return std::move(object).error();
  rows.google_object = std::move(object).value();
  auto logs = transaction.PhoneLogs(id, rows.card.serial, kTracedLogs);
  if (!logs.ok()) return std::move(logs).error();
  rows.logs = std::move(logs).value();
  return {};
}

Status ReadEntry(Transaction& transaction, const ProgrammeId& id, TraceRows& rows) {
  if (rows.card.member.empty()) return {};
  auto member = transaction.FindMember(id, rows.card.member);
  if (!member.ok()) return std::move(member).error();
  if (!member.value()) return {};
  auto entries = transaction.EntriesBefore(id, member.value()->account, 0, 1);
  if (!entries.ok()) return std::move(entries).error();
  if (entries.value().empty()) return {};
  const JournalEntry& last = entries.value().front();
  rows.entry = EntryIdText(last.account, last.sequence);
  const auto entry = ledger::DecodeBody(last.sequence, last.body);
  if (entry.ok()) rows.entry_at = entry.value().time;
  return {};
}

}  // namespace

std::string_view LogCure(std::string_view kind) {
  return CureIn(std::begin(kLogRemedies), std::end(kLogRemedies), kind, "");
}

std::string_view ToText(TraceState state) {
  switch (state) {
    case TraceState::kDone:
      return "done";
    case TraceState::kWaiting:
      return "waiting";
    case TraceState::kBroken:
      return "broken";
    case TraceState::kNone:
      break;
  }
  return "none";
}

Trace TraceOf(const TraceRows& rows) {
  Trace trace;
  TraceStep entry{.name = "entry", .at = rows.entry_at, .detail = rows.entry};
  if (!rows.entry.empty()) entry.state = TraceState::kDone;
  trace.steps.push_back(std::move(entry));
  trace.steps.push_back({.name = "revision",
                         .state = TraceState::kDone,
                         .at = rows.changed_at,
                         .detail = std::to_string(rows.card.revision)});
  trace.steps.push_back(Registered(rows));
  trace.steps.push_back(Pushed(rows));
  trace.steps.push_back(Listed(rows));
  const bool was_listed = trace.steps.back().state == TraceState::kDone;
  trace.steps.push_back(Fetched(rows, was_listed));
  trace.steps.push_back(DeviceLog(rows));
  AddGoogleSteps(rows, trace.steps);
  trace.summary = Summary(rows, trace.steps);
  return trace;
}

Result<TraceRows> ReadTrace(Transaction& transaction, const ProgrammeSite& programme,
                            const CardNumber& number) {
  const ProgrammeId& id = programme.programme.id;
  auto card = GetCard(transaction, id, number);
  if (!card.ok()) return std::move(card).error();
  auto design = ChooseDesign(transaction, id, card.value());
  if (!design.ok()) return std::move(design).error();
  TraceRows rows{.card = card.value(),
                 .now = transaction.Now(),
                 .changed_at = EffectiveTime(card.value(), design.value()),
                 .entry = {},
                 .has_apple = programme.apple != nullptr,
                 .has_google = programme.google != nullptr};
  if (Status read = ReadWallets(transaction, id, rows); !read.ok()) return std::move(read).error();
  if (Status read = ReadEntry(transaction, id, rows); !read.ok()) return std::move(read).error();
  return rows;
}

Json TraceJson(const TraceRows& rows) {
  const Trace trace = TraceOf(rows);
  Json steps = Json::array();
  for (const TraceStep& step : trace.steps) {
    steps.push_back({{"step", step.name},
                     {"state", ToText(step.state)},
                     {"at", InstantOrNull(step.at)},
                     {"detail", step.detail},
                     {"cure", step.cure.empty() ? Json(nullptr) : Json(step.cure)}});
  }
  Json apple = Json::array();
  for (const DuePush& phone : rows.phones) apple.push_back(PhoneJson(rows, phone));
  Json logs = Json::array();
  for (const PhoneLog& log : rows.logs) {
    logs.push_back({{"logged_at", FormatRfc3339(log.logged_at)},
                    {"kind", log.kind},
                    {"message", log.message}});
  }
  return {{"summary", trace.summary},
          {"number", rows.card.number.str()},
          {"revision", rows.card.revision},
          {"changed_at", FormatRfc3339(rows.changed_at)},
          {"entry", rows.entry.empty() ? Json(nullptr) : Json(rows.entry)},
          {"steps", std::move(steps)},
          {"apple", std::move(apple)},
          {"google", GoogleTraceJson(rows)},
          {"device_logs", std::move(logs)}};
}

}  // namespace passmint::issuance
