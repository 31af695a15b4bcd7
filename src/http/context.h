#pragma once

#include "base/clock.h"
#include "google/callback.h"
#include "issuance/current_card.h"
#include "issuance/erasure_log.h"
#include "issuance/google_cards.h"
#include "issuance/phone_activity.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::http {

// What handlers may use. All of it is safe for concurrent use and outlives the service.
struct Context {
  const issuance::Site& site;
  issuance::Store& store;
  issuance::CardMaker& maker;
  const Clock& clock;
  issuance::ErasureLog* erasures = nullptr;   // Null: nobody remembers erasures.
  issuance::PhoneActivity* phones = nullptr;  // Null: nobody remembers what phones did.
  issuance::GoogleCards* google = nullptr;    // Null: links carry the cards, Google is not told.
  const google::RootKeySource* google_keys = nullptr;  // Null: no callback is believed.
};

}  // namespace passmint::http
