#pragma once

#include <string>

#include "google/vertical.h"
#include "json/json.h"

namespace passmint::google {

// What turns an object that Google has, whatever it is, into `object`: all of its members, and null
// for those that cards have at one time and not at another. Arrays are replaced and null deletes
// (https://developers.google.com/wallet/generic/resources/performance-tips), so the same patch may
// be sent again. `notify`: the customer's phone may say so, which Google does for a change of
// NotifyingValues and for loyalty cards only.
Json ObjectPatch(const Json& object, Vertical vertical, bool notify);

// The values whose change Google can notify of, as JSON text; "" if the vertical has none.
// https://developers.google.com/wallet/retail/loyalty-cards/use-cases/trigger-push-notifications
std::string NotifyingValues(const Json& object, Vertical vertical);

}  // namespace passmint::google
