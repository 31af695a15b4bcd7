#include "issuance/approval.h"

namespace passmint::issuance {

std::string_view Name(Approval approval) {
  return approval == Approval::kAnotherPerson ? "another_person" : "role";
}

Status CheckApprover(Approval approval, const ApiKeyName& author, const ApiKeyName& approver) {
  if (approval == Approval::kRole || author != approver) return {};
  return Error{.code = ErrorCode::kPermissionDenied,
               .message = "the draft's latest change is yours: another person has to publish it",
               .reason = "own_work",
               .hint = "ask somebody with a key of role approver and another name"};
}

}  // namespace passmint::issuance
