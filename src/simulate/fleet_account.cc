#include "simulate/fleet_account.h"

#include <fmt/format.h>

namespace passmint::simulate {
namespace {

constexpr std::size_t kAnswerBytesMax = std::size_t{1} << 20;

Error NoLink(std::string_view why) {
  return {.code = ErrorCode::kInvalidArgument,
          .message = fmt::format("Add to Google Wallet: {}", why)};
}

Error NoAnswer(const char* who, int status) {
  return {.code = ErrorCode::kUnavailable, .message = fmt::format("{}: status {}", who, status)};
}

}  // namespace

std::optional<std::int64_t> PointsOf(const Json& object) {
  const Json* at = &object;
  for (const char* const key : {"loyaltyPoints", "balance", "int"}) {
    if (!at->is_object() || !at->contains(key)) return std::nullopt;
    at = &at->at(key);
  }
  if (!at->is_number_integer()) return std::nullopt;
  return at->get<std::int64_t>();
}

Status FleetAccount::Save(ServiceClient& client, const std::string& page) {
  auto tapped = client.Send("GET", page + "/google", {{"X-Forwarded-For", address_}});
  if (!tapped.ok()) return std::move(tapped).error();
  if (tapped.value().status != 302) return NoAnswer("the card's page", tapped.value().status);
  auto saved = client.Send("GET", std::string(tapped.value().Header("location")));
  if (!saved.ok()) return std::move(saved).error();
  if (saved.value().status >= 500) return NoAnswer("Google", saved.value().status);
  const auto body = json::Parse(saved.value().body, kAnswerBytesMax);
  if (saved.value().status != 200 || !body.ok() || !body.value().contains("saved") ||
      body.value()["saved"].size() != 1) {
    return NoLink(saved.value().body.substr(0, 300));
  }
  const Json& card = body.value()["saved"][0];
  object_id_ = card.value("id", "");
  if (const int status = card.value("callback", 0); status != 200) {
    return NoLink(fmt::format("the service answered Google's callback with {}", status));
  }
  return {};
}

void FleetAccount::See(const Json& object, bool notified) {
  const auto points = PointsOf(object);
  if (notified && points) {
    const std::lock_guard lock(mutex_);
    // Google words it; what it has to say is the balance with its label.
    lock_screen_ =
        fmt::format("Google Wallet: {} {}", object["loyaltyPoints"].value("label", ""), *points);
  }
  balance_.Show(points);
}

std::string FleetAccount::lock_screen() const {
  const std::lock_guard lock(mutex_);
  return lock_screen_;
}

}  // namespace passmint::simulate
