#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "google/callback.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// Use case: Google says that a customer saved or deleted a card. Verified before anything is read
// or written, counted once, kept before it is answered. About a card that is not ours, or not any
// more: no failure, for Google would send it again.
//
// Fails as google::VerifyCallback, with kNotFound if the programme has no Google account, with
// kUnavailable if no root key is known yet, and as Store::Write.
Status TakeGoogleCallback(Store& store, const ProgrammeSite& programme, std::string_view body,
                          const std::vector<google::RootKey>& root_keys, Timestamp now);

}  // namespace passmint::issuance
