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

namespace passmint::app {

// How often we look for what Google is to be told, if nothing else is to be waited for.
inline constexpr std::chrono::milliseconds kGooglePoll{200};

// The running service's way to Google: access tokens, root keys, and a thread that keeps Google's
// copies true, one programme after the other. A programme whose account does not work, or a Google
// that does not, is left alone for growing times and logged once; nothing it does fails the
// service.
class GoogleLink {
 public:
  // Null if no programme has a Google account, or google.api_url is "". REQUIRES: all outlive it.
  static std::unique_ptr<GoogleLink> Start(const Settings& settings, const issuance::Site& site,
                                           issuance::Store& store, issuance::CardMaker& maker,
                                           const Clock& clock);
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

  GoogleLink(std::unique_ptr<Adapters> adapters, const issuance::Site& site);

  void Run(const std::stop_token& stop);
  // True if there may be more to do at once.
  bool RunLane(const issuance::ProgrammeSite& programme, Lane& lane);
  void Trouble(const issuance::ProgrammeSite& programme, Lane& lane, std::string_view what,
               const std::string& detail, std::chrono::milliseconds at_least);

  std::unique_ptr<Adapters> adapters_;
  const issuance::Site& site_;
  std::map<ProgrammeId, Lane> lanes_;  // Of the thread.
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;  // Last: it uses everything above.
};

}  // namespace passmint::app
