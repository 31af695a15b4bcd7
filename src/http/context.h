#pragma once

#include "base/clock.h"
#include "issuance/current_card.h"
#include "issuance/erasure_log.h"
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
};

}  // namespace passmint::http
