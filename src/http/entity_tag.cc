#include "http/entity_tag.h"

#include <string_view>

namespace passmint::http {

std::optional<std::string> MatchTag(const Request& request) {
  if (!request.headers.Has("If-Match")) return std::nullopt;
  std::string_view tag = request.headers.Find("If-Match");
  if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') {
    tag = tag.substr(1, tag.size() - 2);
  }
  return std::string(tag);
}

Reply WithTag(Reply reply, const std::string& tag) {
  if (!tag.empty()) reply.headers.emplace_back("ETag", "\"" + tag + "\"");
  return reply;
}

}  // namespace passmint::http
