#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/context.h"
#include "http/message.h"
#include "http/router.h"
#include "issuance/api_keys.h"
#include "issuance/draft_pictures.h"
#include "issuance/store.h"
#include "json/json.h"

namespace passmint::http {

// An authenticated call of the merchant API.
struct Call {
  const Context& context;
  const Request& request;
  const PathArguments& arguments;
  const issuance::ApiKey& key;
  const issuance::ProgrammeSite& programme;

  const ProgrammeId& programme_id() const { return programme.programme.id; }
};

// What an endpoint answers when all went well.
struct Reply {
  int status = 200;
  std::string body;  // JSON text; "" for 204.
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::optional<MemberId> about = {};  // Whose personal data the body holds.
};

// The part of a call that runs inside a transaction; it may run more than once.
using Work = std::function<Result<Reply>(issuance::Transaction&)>;

enum class Access { kRead, kWrite };
enum class KeyUse {
  kNone,      // GET, PUT, PATCH, DELETE: repeating them is harmless by itself.
  kOptional,  // Something in the body identifies the work.
  kRequired,  // Nothing else does.
};

// One row of the merchant API. `prepare` reads the request, does what is slow, and returns the
// work: so that nothing wrong or slow ever holds a transaction.
struct Endpoint {
  Access access = Access::kRead;
  KeyUse key_use = KeyUse::kNone;
  std::vector<issuance::Role> roles;
  std::function<Result<Work>(const Call&)> prepare;
};

using EndpointRouter = Router<Endpoint>;

// The rows of each part of the API, added in the order of the OpenAPI document.
void AddOrderEndpoints(EndpointRouter& router);
void AddRefundEndpoints(EndpointRouter& router);
void AddHoldEndpoints(EndpointRouter& router);
void AddCardEndpoints(EndpointRouter& router);
void AddMemberEndpoints(EndpointRouter& router);
void AddStatementEndpoints(EndpointRouter& router);
void AddMergeEndpoints(EndpointRouter& router);
void AddPointsEndpoints(EndpointRouter& router);
void AddReportEndpoints(EndpointRouter& router);
void AddEventEndpoints(EndpointRouter& router);
void AddTemplateEndpoints(EndpointRouter& router);
void AddTemplateImportEndpoints(EndpointRouter& router);
// REQUIRES: `pictures` outlives the router.
void AddPreviewEndpoints(EndpointRouter& router, issuance::DraftPictures& pictures);
void AddProgrammeEndpoints(EndpointRouter& router);
void AddGroupEndpoints(EndpointRouter& router);
void AddOrganisationEndpoints(EndpointRouter& router);
void AddCouponEndpoints(EndpointRouter& router);
void AddRewardEndpoints(EndpointRouter& router);
void AddPromoterEndpoints(EndpointRouter& router);
void AddMembershipEndpoints(EndpointRouter& router);
void AddPurchaseEndpoints(EndpointRouter& router);
void AddQuoteEndpoint(EndpointRouter& router);
void AddExplainEndpoint(EndpointRouter& router);
void AddReplayEndpoints(EndpointRouter& router);

inline Reply JsonReply(int status, const Json& body) {
  return {.status = status, .body = json::Dump(body)};
}

}  // namespace passmint::http
