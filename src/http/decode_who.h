#pragma once

#include "http/decode.h"
#include "issuance/owner.h"

namespace passmint::http {

// card_number and member_id of an object. Which of them there must be, issuance::FindOwner says.
issuance::Who DecodeWho(ObjectReader& reader);

}  // namespace passmint::http
