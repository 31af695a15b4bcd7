#include "http/decode_who.h"

#include <utility>

namespace passmint::http {

issuance::Who DecodeWho(ObjectReader& reader) {
  issuance::Who who;
  who.card_number = reader.Text("card_number", {1, 40});
  if (auto member = reader.Text("member_id", kCallerId)) {
    who.member = MemberId(*std::move(member));
  }
  return who;
}

}  // namespace passmint::http
