#include "simulate/internal/fleet_crowd.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <utility>

namespace passmint::simulate::internal {
namespace {

// Any token that no other phone of this run has: 64 hex digits, as APNs' are today.
std::string PushTokenOf(std::uint64_t seed, std::size_t phone, int rotation) {
  return fmt::format("{:016x}{:016x}{:032x}", seed, phone, rotation);
}

std::string AddressOf(std::size_t phone) {
  return fmt::format("10.{}.{}.{}", (phone >> 16) & 255, (phone >> 8) & 255, phone & 255);
}

}  // namespace

FleetCrowd::FleetCrowd(const FleetOptions& options, const std::vector<crypto::Certificate>& roots)
    : options_(options) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(options.phones); ++i) AddPhone(i, roots);
  for (int i = 0; i < options.google_accounts; ++i) {
    accounts_.push_back(std::make_unique<FleetAccount>(
        fmt::format("+7901{:07}", i), AddressOf(phones_.size() + static_cast<std::size_t>(i))));
  }
}

void FleetCrowd::AddPhone(std::size_t index, const std::vector<crypto::Certificate>& roots) {
  const std::string token = PushTokenOf(options_.seed, index, 0);
  VirtualPhone::Identity identity{.device = fmt::format("{:016x}{:016x}", options_.seed, index),
                                  .push_token = token,
                                  .language = options_.language,
                                  .address = AddressOf(index)};
  phones_.push_back(std::make_unique<FleetPhone>(
      std::move(identity), fmt::format("+7900{:07}", index), roots, options_.push_budget));
  rotations_.push_back(0);
  tokens_.emplace(token, index);
}

const std::string& FleetCrowd::OwnerOf(std::size_t index) const {
  return index < phones_.size() ? phones_[index]->owner()
                                : accounts_[index - phones_.size()]->owner();
}

const std::string& FleetCrowd::CardOf(std::size_t index) const {
  return index < phones_.size() ? phones_[index]->number()
                                : accounts_[index - phones_.size()]->number();
}

void FleetCrowd::SetCard(std::size_t index, std::string number) {
  if (index < phones_.size()) {
    phones_[index]->SetCard(std::move(number));
  } else {
    accounts_[index - phones_.size()]->SetCard(std::move(number));
  }
}

BalanceWatch& FleetCrowd::BalanceOf(std::size_t index) {
  return index < phones_.size() ? phones_[index]->balance()
                                : accounts_[index - phones_.size()]->balance();
}

std::int64_t FleetCrowd::CountWrong() const {
  const auto is_wrong = [](const auto& one) { return !one->balance().IsRight(); };
  return std::count_if(phones_.begin(), phones_.end(), is_wrong) +
         std::count_if(accounts_.begin(), accounts_.end(), is_wrong);
}

bool FleetCrowd::Deliver(std::string_view push_token, bool counts) {
  std::size_t index = phones_.size();
  {
    const std::shared_lock lock(mutex_);
    const auto found = tokens_.find(std::string(push_token));
    if (found != tokens_.end()) index = found->second;
  }
  if (index == phones_.size()) {
    ++stray_pushes_;
    return false;
  }
  const auto now = FleetPhone::Clock::now();
  if (phones_[index]->TakePush(now, counts)) wake_.Add(index, now);
  return true;
}

void FleetCrowd::See(const std::string& object_id, const Json& object, bool notified) {
  std::size_t index = accounts_.size();
  {
    const std::shared_lock lock(mutex_);
    const auto found = objects_.find(object_id);
    if (found != objects_.end()) index = found->second;
  }
  if (index != accounts_.size()) accounts_[index]->See(object, notified);
}

void FleetCrowd::AddObject(std::size_t account) {
  const std::unique_lock lock(mutex_);
  objects_.emplace(accounts_[account]->object_id(), account);
}

std::string FleetCrowd::Rotate(std::size_t phone, ServiceClient& client) {
  const std::string token = PushTokenOf(options_.seed, phone, ++rotations_[phone]);
  std::string old;
  {
    const std::unique_lock lock(mutex_);
    tokens_.emplace(token, phone);
  }
  const Status rotated = phones_[phone]->Drive(options_.field, [&](VirtualPhone& virtual_phone) {
    old = virtual_phone.push_token();
    return virtual_phone.RotateToken(client, token);
  });
  if (!rotated.ok()) return {};
  const std::unique_lock lock(mutex_);
  tokens_.erase(old);
  return old;
}

void FleetCrowd::GoOnline(std::size_t phone) {
  if (phones_[phone]->GoOnline()) wake_.Add(phone, FleetPhone::Clock::now());
}

}  // namespace passmint::simulate::internal
