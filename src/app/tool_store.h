#pragma once

#include <memory>

#include "app/settings.h"
#include "app/site_loader.h"
#include "base/result.h"
#include "base/secret.h"
#include "issuance/store.h"

namespace passmint::app {

// store.url of the settings, for store::Open.
Secret StoreUrl(const Settings& settings);

// The store as a command beside the service uses it, checked to belong to the settings' master key.
// Fails as LoadSite (an unreadable master key), store::Open and CheckMasterKeys.
Result<std::unique_ptr<issuance::Store>> OpenToolStore(const Settings& settings);

// The store without looking at the master key, for what works on the ledger alone; it has to be
// there. Fails with kNotFound and as store::Open.
Result<std::unique_ptr<issuance::Store>> OpenLedgerStore(const Settings& settings);

}  // namespace passmint::app
