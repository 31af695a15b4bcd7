#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "issuance/current_card.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// What phones ask Apple's web service for: contract/api.md section 4, "No update is lost". All fail
// as Store::Read and Store::Write.

// A pass, and the token that is to prove that its owner asks.
struct PassClaim {
  PassTypeIdentifier pass_type;
  SerialNumber serial;
  std::string_view token;  // Behind "ApplePass ".
};

// Phones that one card is registered on. More are a mistake or an attack: the one that has been
// silent for longest goes.
inline constexpr int kPhonesOfCardMax = 100;

// The device hears of the card's changes from now on, under this push token, which replaces the one
// it had. True if it was not registered for the card. Fails with kUnauthenticated, in the same way
// and the same time, if there is no such pass or the token is another's.
Result<bool> RegisterPhone(Store& store, const Site& site, const PassClaim& claim,
                           const DeviceLibraryIdentifier& device, const PushToken& push_token);

// Also succeeds if it was not registered. Fails with kUnauthenticated as RegisterPhone.
Status UnregisterPhone(Store& store, const Site& site, const PassClaim& claim,
                       const DeviceLibraryIdentifier& device);

// The pass as it is now.
struct PassVersion {
  ProgrammeId programme;
  std::string card;  // Id.
  std::int64_t revision = 0;
  Timestamp last_modified;  // Whole seconds: EffectiveTime of its card and design.
  Timestamp now;            // The snapshot's.
};

struct FoundPass {
  PassVersion version;
  std::optional<CurrentCard> card;  // Of the same snapshot.
};

// What is due by now is posted first. `wants_card` is asked about the version that is returned
// whether its card is to come with it. Fails with kUnauthenticated as RegisterPhone.
Result<FoundPass> FindPass(Store& store, const Site& site, const PassClaim& claim,
                           const std::function<bool(const PassVersion&)>& wants_card);

// The answer to "what has changed?".
struct UpdatedPasses {
  ProgrammeId programme;              // Of the pass type; empty if we have none of that type.
  std::vector<SerialNumber> serials;  // None: nothing to tell, the phone keeps its tag.
  std::string tag;                    // lastUpdated
  Timestamp now;                      // The snapshot's.
};

// More than a phone holds; what is beyond is not listed.
inline constexpr int kPassesOfPhoneMax = 1000;

// The registered passes of a device that have changed since it was told `since`, the tag of an
// earlier answer; "" or none of ours: all of them. What is due by now is posted first.
Result<UpdatedPasses> ListUpdatedPasses(Store& store, const Site& site,
                                        const DeviceLibraryIdentifier& device,
                                        const PassTypeIdentifier& pass_type,
                                        std::string_view since);

}  // namespace passmint::issuance
