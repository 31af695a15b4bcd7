#include "issuance/trace_google.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace passmint::issuance {
namespace {

// GoogleObject::failure begins with the status that Google answered.
std::string CureOf(const std::string& failure) {
  struct Remedy {
    std::string_view begin;
    std::string_view cure;
  };
  constexpr Remedy kRemedies[] = {
      {"400",
       "Google refuses the card as it is: passmint template lint; its next change tries again"},
      {"401", "the service account's key is not valid any more: make a new one, passmint check"},
      {"403",
       "invite the service account in Google's Pay & Wallet console, with access to this "
       "issuer"},
      {"404", "nothing: the class and the object are made anew by themselves"},
      {"429", "nothing: Google asked for patience, it is sent again by itself"},
      {"0 ", "let the service reach google.api_url and google.token_url, port 443"},
  };
  for (const Remedy& remedy : kRemedies) {
    if (failure.starts_with(remedy.begin)) return std::string(remedy.cure);
  }
  return "nothing: it is sent again by itself; if it goes on, see the service's log for google";
}

void Break(const GoogleObject& object, std::string_view what, TraceStep& step) {
  step.state = TraceState::kBroken;
  step.detail = fmt::format("{} was answered {}, {} times", what, object.failure,
                            object.attempts == 0 ? 1 : object.attempts);
  step.cure = CureOf(object.failure);
}

TraceStep Inserted(const TraceRows& rows) {
  TraceStep step{.name = "google_inserted"};
  if (!rows.google_object) return step;
  const GoogleObject& object = *rows.google_object;
  step.at = object.inserted_at;
  if (object.inserted_at) {
    step.state = TraceState::kDone;
    step.detail = "Google has the object";
  } else if (!object.failure.empty()) {
    Break(object, "the insert", step);
  } else {
    step.state = TraceState::kWaiting;
    step.detail = "the object is about to be inserted";
  }
  return step;
}

TraceStep Patched(const TraceRows& rows) {
  TraceStep step{.name = "google"};
  if (!rows.has_google || !rows.google || !rows.google_object) {
    step.detail =
        rows.has_google ? "the card is in no Google Wallet" : "the programme has no Google account";
    return step;
  }
  const GoogleObject& object = *rows.google_object;
  step.at = object.patched_at;
  step.detail = fmt::format("Google has revision {}", object.sent_revision);
  if (rows.google->sent >= rows.google->wanted) {
    step.state = TraceState::kDone;
    // What Google refused for good is over too, until the next change.
    if (!object.failure.empty()) Break(object, "the PATCH", step);
    return step;
  }
  step.state = TraceState::kWaiting;
  if (object.sent_revision >= rows.card.revision && !object.message.empty()) {
    step.detail += ", its message is about to be added";
  }
  if (!object.inserted_at) return step;  // The step before it says why.
  if (!object.failure.empty()) Break(object, "the PATCH", step);
  return step;
}

TraceStep Saved(const TraceRows& rows) {
  TraceStep step{.name = "google_saved"};
  if (!rows.google_object) return step;
  const GoogleObject& object = *rows.google_object;
  step.at = object.callback_at;
  if (object.callback == "del") {
    step.detail = "the customer deleted it";
    if (object.has_users) step.detail = "one of its holders deleted it, Google says others have it";
  } else if (object.callback == "save") {
    step.detail = "the customer saved it";
  } else {
    step.detail = object.has_users ? "Google says that somebody has it (hasUsers)"
                                   : "nobody has saved it so far";
  }
  if (object.has_users) step.state = TraceState::kDone;
  return step;
}

Json InstantOrNull(const std::optional<Timestamp>& instant) {
  return instant ? Json(FormatRfc3339(*instant)) : Json(nullptr);
}

}  // namespace

void AddGoogleSteps(const TraceRows& rows, std::vector<TraceStep>& steps) {
  steps.push_back(Inserted(rows));
  steps.push_back(Patched(rows));
  steps.push_back(Saved(rows));
}

Json GoogleTraceJson(const TraceRows& rows) {
  if (!rows.has_google) return nullptr;
  const GoogleObject object = rows.google_object.value_or(GoogleObject());
  const auto text = [](const std::string& value) {
    return value.empty() ? Json(nullptr) : Json(value);
  };
  return {{"saved", rows.google_object ? object.has_users : false},
          {"sent_revision", rows.google_object ? Json(object.sent_revision) : Json(nullptr)},
          {"sent_at", InstantOrNull(object.patched_at)},
          {"last_error", text(object.failure)},
          {"inserted_at", InstantOrNull(object.inserted_at)},
          {"last_callback", text(object.callback)},
          {"last_callback_at", InstantOrNull(object.callback_at)}};
}

}  // namespace passmint::issuance
