#pragma once

#include <string>

#include "issuance/refunds.h"
#include "json/json.h"

namespace passmint::issuance {

// What makes two reports the same refund of an order.
std::string ComparedContent(const RefundRequest& request);

// A refund as it waits for its order, and back; source, order, id and actor lie beside it.
Json ParkedJson(const RefundRequest& request);
RefundRequest ReadParked(const Json& parked);

// What is kept of a booked refund, and back.
Json BookedJson(const BookedRefund& refund);
BookedRefund ReadBooked(const StoredRefund& stored);

}  // namespace passmint::issuance
