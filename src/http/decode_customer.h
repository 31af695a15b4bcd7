#pragma once

#include "http/decode.h"
#include "issuance/customer.h"

namespace passmint::http {

// The schema Customer of the OpenAPI document. Types and bounds only; issuance judges the meaning.
issuance::CustomerFacts DecodeCustomer(const Json& object, std::string pointer,
                                       std::vector<InputProblem>& problems);

// The path argument as a card number: only its characters are checked here. Fails with kNotFound,
// since nothing is at such a path.
Result<CardNumber> DecodeCardNumber(const std::string& argument);

// A template's name: [a-z0-9-], 1 to 64. Fails with kNotFound.
Result<TemplateName> DecodeTemplateName(const std::string& argument);

}  // namespace passmint::http
