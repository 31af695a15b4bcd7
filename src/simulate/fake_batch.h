#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace passmint::simulate {

// Google's end of a batch: https://developers.google.com/people/v1/batch. Parts are taken as
// application/http and, as Google's samples write them, as application/json.

struct FakeBatchPart {
  std::string content_id;  // "<item1>", or "".
  std::string method;
  std::string target;
  std::string body;
};

// Nothing if it is no multipart/mixed, or a part has no request line.
std::optional<std::vector<FakeBatchPart>> ReadFakeBatch(std::string_view content_type,
                                                        std::string_view body);

struct FakeBatchAnswer {
  std::string content_id;  // Of the part.
  int status = 200;
  std::string body;
};

std::string WriteFakeBatch(const std::vector<FakeBatchAnswer>& answers, std::string_view boundary);

}  // namespace passmint::simulate
