#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "app/settings.h"
#include "base/clock.h"
#include "google/callback.h"
#include "issuance/current_card.h"
#include "issuance/google_cards.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "push/wanted_queue.h"

namespace passmint::app {

// How often we look for what Google is to be told if nobody woke us for it: what other processes
// left undone.
inline constexpr std::chrono::milliseconds kGoogleLook{2'000};
// Commits that come so close behind each other wake us once.
inline constexpr std::chrono::milliseconds kGoogleWakeAtMost{20};

// The running service's way to Google: access tokens, root keys, and a thread that keeps Google's
// copies true, one programme after the other. A programme whose account does not work, or a Google
// that does not, is left alone for growing times and logged once; nothing it does fails the
// service.
class GoogleLink {
 public:
  // Whether any programme has a Google account and google.api_url is not "".
  static bool IsWanted(const Settings& settings, const issuance::Site& site);

  // Null if it is not wanted. The store's listener feeds `queue`. REQUIRES: all outlive it.
  static std::unique_ptr<GoogleLink> Start(const Settings& settings, const issuance::Site& site,
                                           issuance::Store& store, issuance::CardMaker& maker,
                                           const Clock& clock,
                                           std::shared_ptr<push::WantedQueue> queue);
  // Gives up requests that run; they are made again by whoever comes next.
  ~GoogleLink();
  GoogleLink(const GoogleLink&) = delete;
  GoogleLink& operator=(const GoogleLink&) = delete;

  issuance::GoogleCards& cards();
  const google::RootKeySource& root_keys() const;

 private:
  using Time = std::chrono::steady_clock::time_point;

  // What is known of one programme's account.
  struct Lane {
    Time not_before = {};
    int failures = 0;  // Rounds with trouble since the last one without.
    bool is_logged = false;
  };
  struct Adapters;  // The only ones who know google_rest/.

  GoogleLink(std::unique_ptr<Adapters> adapters, const issuance::Site& site, const Clock& clock,
             std::shared_ptr<push::WantedQueue> queue);

  void Run(const std::stop_token& stop);
  // True if there may be more to do at once; else `wait` is no longer than until there is.
  bool RunLane(const issuance::ProgrammeSite& programme, Lane& lane,
               std::chrono::milliseconds& wait);
  void Trouble(const issuance::ProgrammeSite& programme, Lane& lane, std::string_view what,
               const std::string& detail, std::chrono::milliseconds at_least);

  std::unique_ptr<Adapters> adapters_;
  const issuance::Site& site_;
  const Clock& clock_;
  const std::shared_ptr<push::WantedQueue> queue_;
  std::map<ProgrammeId, Lane> lanes_;  // Of the thread.
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;  // Last: it uses everything above.
};

}  // namespace passmint::app
