#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/certificate.h"
#include "simulate/installed_pass.h"
#include "simulate/service_client.h"

namespace passmint::simulate {

// What a phone did and saw, counted.
struct PhoneCounts {
  std::int64_t pushes = 0;
  std::int64_t lists = 0;
  std::int64_t empty_lists = 0;  // After a push: nothing had changed.
  std::int64_t fetches = 0;      // 200 with another pass.
  std::int64_t unchanged = 0;    // 304, or 200 with an equal manifest.
  std::int64_t unanswered = 0;   // The service gave no answer; tried again later.
  std::int64_t refused = 0;      // An answer that iOS would log as an error.
};

PhoneCounts operator+(PhoneCounts a, const PhoneCounts& b);

// An iPhone's side of Apple's pass web service, as reverse-engineered from iOS (Apple reference
// 4.2 to 4.5): what it asks in which order, what it takes, what it logs. Its automatic updates are
// on. For one thread at a time.
class VirtualPhone {
 public:
  struct Identity {
    std::string device;      // Device library identifier.
    std::string push_token;  // Hex.
    std::string language;    // Of its texts.
    std::string address;     // Where it is in the network, for X-Forwarded-For; IPv4.
  };

  // `roots`: whom it trusts; outlives the phone.
  VirtualPhone(Identity identity, const std::vector<crypto::Certificate>& roots);

  // "Add": fetches the bundle, verifies it, registers, asks what has changed. Fails with
  // kUnavailable if the service did not answer, kInvalidArgument if iOS would refuse the pass.
  Status Install(ServiceClient& client, const std::string& bundle_url);

  // A push came: asks what has changed and fetches it. Fails with kUnavailable if there was no
  // answer: iOS keeps the task and tries again.
  Status Update(ServiceClient& client);

  // The user pulled down on the back of each pass.
  Status Refresh(ServiceClient& client);

  // APNs gave the phone another token: it registers again everywhere.
  Status RotateToken(ServiceClient& client, std::string push_token);

  // The user deletes the pass.
  Status Remove(ServiceClient& client, const std::string& serial);

  void CountPush() { ++counts_.pushes; }

  const std::string& push_token() const { return identity_.push_token; }
  const std::map<std::string, InstalledPass>& passes() const { return passes_; }  // By serial.
  const PhoneCounts& counts() const { return counts_; }
  // What iOS would have written to the service's log, newest last; at most kNotesMax are kept.
  const std::vector<std::string>& notes() const { return notes_; }
  // What the lock screen said, newest last; at most kNotesMax are kept.
  const std::vector<std::string>& lock_screen() const { return lock_screen_; }

  static constexpr std::size_t kNotesMax = 20;

 private:
  Result<ServiceAnswer> Ask(ServiceClient& client, std::string_view method, const std::string& url,
                            RequestHeaders headers = {}, std::string_view body = {});
  Status Register(ServiceClient& client, const InstalledPass& pass);
  Result<std::vector<std::string>> ListChanged(ServiceClient& client, const InstalledPass& any);
  Status Fetch(ServiceClient& client, const std::string& serial, bool was_listed);
  void Take(InstalledPass fetched);
  void Note(ServiceClient& client, const InstalledPass& pass, std::string message);
  Error Refused(ServiceClient& client, const InstalledPass& pass, std::string message);
  std::string RegistrationUrl(const InstalledPass& pass) const;

  Identity identity_;
  const std::vector<crypto::Certificate>& roots_;
  std::map<std::string, InstalledPass> passes_;
  std::map<std::string, std::string> tags_;  // passesUpdatedSince, by web service and pass type.
  PhoneCounts counts_;
  std::vector<std::string> notes_;
  std::vector<std::string> lock_screen_;
};

}  // namespace passmint::simulate
