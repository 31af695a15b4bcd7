#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace passmint::google_rest {

// Several requests in one, as multipart/mixed of application/http: Google's form of all its APIs,
// https://developers.google.com/people/v1/batch. Pure.

struct BatchPart {
  std::string method;
  std::string path;  // "/walletobjects/v1/loyaltyObject".
  std::string body;  // JSON, or "".
};

// REQUIRES: `boundary` is in no part.
std::string WriteBatch(const std::vector<BatchPart>& parts, std::string_view boundary);

struct BatchAnswer {
  int status = 0;  // 0: the answer has no part for it.
  std::string retry_after;
  std::string body;
};

// The answers in the order of the `count` requests. Parts are found by their Content-ID
// ("response-item3"), or by their place where they have none; what cannot be read is left out.
std::vector<BatchAnswer> ReadBatch(std::string_view content_type, std::string_view body,
                                   std::size_t count);

}  // namespace passmint::google_rest
