#include "app/tool_store.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "app/files.h"
#include "app/system_clock.h"
#include "crypto/master_key.h"
#include "store/open.h"

namespace passmint::app {

Secret StoreUrl(const Settings& settings) {
  if (settings.store.postgresql_url != nullptr) return settings.store.postgresql_url->Clone();
  return Secret("sqlite:" + settings.store.sqlite_file.string());
}

Result<std::unique_ptr<issuance::Store>> OpenToolStore(const Settings& settings) {
  static const SystemClock clock;
  const auto content = ReadSecretFile(settings.secrets.master_key, crypto::kMasterKeyFileBytesMax);
  if (!content.ok()) return Annotate(content.error(), "master key");
  const auto keys = crypto::KeyRing::Parse(content.value());
  if (!keys.ok()) return Annotate(keys.error(), settings.secrets.master_key.string());
  auto store = store::Open(StoreUrl(settings).RevealForSerialization(), clock,
                           {.use = store::Use::kTool, .connections = 1, .vfs = {}, .report = {}});
  if (!store.ok()) return std::move(store).error();
  if (Status checked = CheckMasterKeys(*store.value(), keys.value()); !checked.ok()) {
    return std::move(checked).error();
  }
  return store;
}

Result<std::unique_ptr<issuance::Store>> OpenLedgerStore(const Settings& settings) {
  static const SystemClock clock;
  const std::filesystem::path& file = settings.store.sqlite_file;
  std::error_code failure;
  if (!file.empty() && !std::filesystem::exists(file, failure)) {
    return Error{.code = ErrorCode::kNotFound,
                 .message = file.string() + ": there is no store yet",
                 .hint = "passmint serve makes it"};
  }
  return store::Open(StoreUrl(settings).RevealForSerialization(), clock,
                     {.use = store::Use::kTool, .connections = 2, .vfs = {}, .report = {}});
}

}  // namespace passmint::app
