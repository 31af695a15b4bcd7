#include <utility>

#include "app/card_data.h"
#include "app/commands.h"
#include "app/system_clock.h"
#include "app/workbench.h"
#include "crypto/system_random.h"
#include "crypto/token.h"
#include "google/layout.h"
#include "google/save_jwt.h"
#include "google/wallet_object.h"
#include "issuance/designs.h"

namespace passmint::app {

Status RunGoogleJwt(const GoogleJwtOptions& options, const Console& console) {
  const auto bench = OpenWorkbench(options.design, console);
  if (!bench.ok()) return bench.error();
  const issuance::GoogleIdentity* google = bench.value().programme().google.get();
  if (google == nullptr) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = "there is no Google service account to sign with",
                 .hint = "passmint init site, then add --config site/passmint.toml"};
  }
  const auto design = CompileTemplate(bench.value(), console);
  if (!design.ok()) return design.error();
  const auto values = ReadValues(options.design, bench.value());
  if (!values.ok()) return values.error();
  const auto environment =
      issuance::GoogleEnvironment(*bench.value().site, bench.value().programme());
  const auto layout = google::MakeLayout(*design.value(), environment);
  if (!layout) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = "Google Wallet has no place for boarding passes of ours",
                 .hint = "such a card's Google link is null"};
  }
  crypto::SystemRandom random;
  const std::string suffix = options.suffix.empty() ? crypto::MakeToken(random) : options.suffix;
  if (!google::IsIdSuffix(suffix)) {
    return Error{
        .code = ErrorCode::kInvalidArgument,
        .message = "--suffix may have letters, digits, dots, hyphens and underscores only"};
  }
  const ClassId class_id =
      google::MakeClassId(google->issuer, bench.value().programme().programme.id.str() + "." +
                                              bench.value().name.str());
  const ObjectId object_id = google::MakeObjectId(google->issuer, suffix);
  const std::string& language =
      options.language.empty() ? design.value()->source().languages.front() : options.language;
  const design::RenderedCard card = design.value()->Render(values.value(), StateOf(values.value()));
  const Json object = google::MakeObject(*layout, card, class_id, object_id);
  const auto jwt = google::SaveJwt(google->signer,
                                   {.service_account_email = google->service_account,
                                    .origins = environment.origins,
                                    .language = language},
                                   layout->vertical, object, SystemClock().Now());
  if (!jwt.ok()) return jwt.error();
  console.out << (options.link ? google::SaveUrl(bench.value().site->google_save_url, jwt.value())
                               : jwt.value())
              << '\n';
  return {};
}

}  // namespace passmint::app
