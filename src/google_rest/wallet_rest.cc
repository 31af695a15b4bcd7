#include "google_rest/wallet_rest.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "google/wallet_errors.h"
#include "google_rest/batch.h"
#include "json/json.h"

namespace passmint::google_rest {
namespace {

using google::WalletCall;
using google::WalletOutcome;
using google::WalletRequest;

constexpr std::string_view kBasePath = "/walletobjects/v1/";
constexpr std::size_t kBatchBytesMax = google::kBatchMax * google::kWalletAnswerBytesMax / 8;
constexpr std::size_t kBoundaryBytes = 12;

BatchPart PartOf(const WalletRequest& request) {
  const bool is_class =
      request.call == WalletCall::kInsertClass || request.call == WalletCall::kPatchClass;
  std::string path(kBasePath);
  path +=
      is_class ? google::ClassResource(request.vertical) : google::ObjectResource(request.vertical);
  const std::string of_id = path + "/" + request.id;
  switch (request.call) {
    case WalletCall::kInsertClass:
    case WalletCall::kInsertObject:
      return {"POST", path, json::Dump(request.body)};
    case WalletCall::kPatchClass:
    case WalletCall::kPatchObject:
      return {"PATCH", of_id, json::Dump(request.body)};
    case WalletCall::kGetObject:
      return {"GET", of_id, ""};
    case WalletCall::kAddMessage:
      return {"POST", of_id + "/addMessage", json::Dump(request.body)};
  }
  return {"GET", of_id, ""};
}

}  // namespace

WalletRest::WalletRest(WalletRestOptions options, HttpClient& http, const Clock& clock,
                       Random& random)
    : api_url_(std::move(options.api_url)), http_(http), random_(random) {
  std::map<std::string, std::shared_ptr<AccessToken>> by_email;
  for (auto& [programme, account] : options.accounts) {
    std::shared_ptr<AccessToken>& token = by_email[account.email];
    if (token == nullptr) {
      token = std::make_shared<AccessToken>(account, options.token_url, http, clock);
    }
    tokens_.emplace(programme, token);
  }
}

WalletRest::Sent WalletRest::Send(const ProgrammeId& programme, HttpRequest request,
                                  AccessToken::Time deadline) {
  const auto token = tokens_.find(programme);
  if (token == tokens_.end()) {
    return {{},
            WalletOutcome{.kind = WalletOutcome::Kind::kStopped,
                          .reason = "NoAccount",
                          .detail = "the programme has no Google service account"}};
  }
  const auto headers = request.headers;
  for (bool again = false;; again = true) {
    AccessToken::Got got = token->second->Get(deadline);
    if (got.failure) return {{}, std::move(got.failure)};
    request.headers = headers;
    request.headers.push_back("Authorization: Bearer " + got.token);
    request.time = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    Sent sent{http_.Send(request), std::nullopt};
    if (sent.answer.status == 0) {
      sent.failure = google::NoAnswer(sent.answer.failure, sent.answer.detail);
    }
    if (sent.answer.status != 401) return sent;
    token->second->Forget(got.token);
    if (again) return sent;
  }
}

WalletOutcome WalletRest::Call(const ProgrammeId& programme, const WalletRequest& request,
                               std::chrono::milliseconds time) {
  BatchPart part = PartOf(request);
  HttpRequest http{.method = std::move(part.method),
                   .url = api_url_ + part.path,
                   .body = std::move(part.body),
                   .answer_bytes_max = google::kWalletAnswerBytesMax};
  if (!http.body.empty()) http.headers = {"Content-Type: application/json"};
  Sent sent = Send(programme, std::move(http), std::chrono::steady_clock::now() + time);
  if (sent.failure) return *std::move(sent.failure);
  return google::OutcomeOf(request.call, {.status = sent.answer.status,
                                          .body = sent.answer.body,
                                          .retry_after = sent.answer.retry_after});
}

std::vector<WalletOutcome> WalletRest::CallAll(const ProgrammeId& programme,
                                               const std::vector<WalletRequest>& requests,
                                               std::chrono::milliseconds time) {
  if (requests.size() == 1) return {Call(programme, requests.front(), time)};
  std::vector<BatchPart> parts;
  parts.reserve(requests.size());
  for (const WalletRequest& request : requests) parts.push_back(PartOf(request));
  const std::string boundary = "passmint-" + ToHex(random_.Bytes(kBoundaryBytes));
  Sent sent = Send(programme,
                   {.method = "POST",
                    .url = api_url_ + "/batch",
                    .headers = {"Content-Type: multipart/mixed; boundary=" + boundary},
                    .body = WriteBatch(parts, boundary),
                    .answer_bytes_max = kBatchBytesMax},
                   std::chrono::steady_clock::now() + time);
  if (sent.failure) return std::vector<WalletOutcome>(requests.size(), *sent.failure);
  std::vector<WalletOutcome> outcomes;
  if (sent.answer.status != 200) {
    for (const WalletRequest& request : requests) {
      outcomes.push_back(google::OutcomeOf(request.call, {.status = sent.answer.status,
                                                          .body = sent.answer.body,
                                                          .retry_after = sent.answer.retry_after}));
    }
    return outcomes;
  }
  const auto answers = ReadBatch(sent.answer.content_type, sent.answer.body, requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const BatchAnswer& answer = answers[i];
    outcomes.push_back(
        answer.status == 0
            ? google::NoAnswer("BadAnswer", "the batch's answer lacks this request")
            : google::OutcomeOf(requests[i].call, {.status = answer.status,
                                                   .body = answer.body,
                                                   .retry_after = answer.retry_after}));
  }
  return outcomes;
}

}  // namespace passmint::google_rest
