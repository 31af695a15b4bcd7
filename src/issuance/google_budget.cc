#include "issuance/google_budget.h"

#include <algorithm>
#include <utility>

namespace passmint::issuance {

bool MayNotify(GoogleObject& object, bool ends, Timestamp now) {
  std::erase_if(object.notified, [now](Timestamp at) { return at <= now - kNotificationDay; });
  const int most = ends ? kNotificationsAtTheEnd : kNotificationsADay;
  return object.notified.size() < static_cast<std::size_t>(most);
}

Status TakeGoogleBudget(Transaction& transaction, const ProgrammeSite& programme, int count,
                        std::chrono::microseconds& wait) {
  auto taken = transaction.TakeRequests(programme.google->service_account, count, kGooglePace,
                                        kReservedForClicks);
  if (!taken.ok()) return std::move(taken).error();
  wait = taken.value();
  if (wait == std::chrono::microseconds(0)) return {};
  return Error{.code = ErrorCode::kUnavailable, .message = "no budget", .reason = "no_budget"};
}

std::chrono::milliseconds GoogleBackOff(int attempts, unsigned char random) {
  constexpr std::chrono::milliseconds kFirst{500};
  constexpr int kDoublingsMax = 7;  // 64 s.
  constexpr int kRandomMax = 255;
  const auto whole = kFirst * (1 << std::clamp(attempts - 1, 0, kDoublingsMax));
  return whole / 2 + whole / 2 * static_cast<int>(random) / kRandomMax;
}

}  // namespace passmint::issuance
