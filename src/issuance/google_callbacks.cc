#include "issuance/google_callbacks.h"

#include <string>
#include <utility>

namespace passmint::issuance {
namespace {

// Who deletes may not have been the only one who had it, so Google is asked soon.
Status PutSaved(Transaction& transaction, const ProgrammeId& programme, const std::string& suffix,
                bool saved) {
  auto found = transaction.FindGoogleObjectBySuffix(programme, suffix);
  if (!found.ok()) return std::move(found).error();
  if (!found.value()) return {};
  GoogleObject object = *std::move(found).value();
  object.has_users = saved;
  object.checked_at = saved ? transaction.Now() : Timestamp();
  object.callback = saved ? "save" : "del";
  object.callback_at = transaction.Now();
  if (!object.inserted_at) {
    // It was made by a link that carried it, and is as old as that.
    object.inserted_at = transaction.Now();
    Status wanted = transaction.WantGoogleObject(programme, object.card, transaction.Now());
    if (!wanted.ok()) return wanted;
  }
  return transaction.UpdateGoogleObject(programme, object);
}

}  // namespace

Status TakeGoogleCallback(Store& store, const ProgrammeSite& programme, std::string_view body,
                          const std::vector<google::RootKey>& root_keys, Timestamp now) {
  if (programme.google == nullptr) {
    return Error{.code = ErrorCode::kNotFound, .message = "the programme has no Google account"};
  }
  if (root_keys.empty()) {
    return Error{.code = ErrorCode::kUnavailable,
                 .message = "Google's root keys are not known yet"};
  }
  const IssuerId& issuer = programme.google->issuer;
  const auto callback = google::VerifyCallback(body, root_keys, issuer, now);
  if (!callback.ok()) return callback.error();
  const std::string suffix = callback.value().object_id.str().substr(issuer.str().size() + 1);
  const bool saved = callback.value().event == google::CallbackEvent::kSave;
  return store.Write([&](Transaction& transaction) -> Status {
    const ProgrammeId& id = programme.programme.id;
    auto is_new = transaction.UseNonce(id, callback.value().nonce, callback.value().expires_at);
    if (!is_new.ok()) return std::move(is_new).error();
    if (!is_new.value()) return {};
    return PutSaved(transaction, id, suffix, saved);
  });
}

}  // namespace passmint::issuance
