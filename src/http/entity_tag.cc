#include "http/entity_tag.h"

#include <algorithm>

namespace passmint::http {

std::optional<std::string> MatchTag(const Request& request) {
  if (!request.headers.Has("If-Match")) return std::nullopt;
  std::string_view tag = request.headers.Find("If-Match");
  if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') {
    tag = tag.substr(1, tag.size() - 2);
  }
  return std::string(tag);
}

bool HasTag(const Request& request, std::string_view tag) {
  std::string_view seen = request.headers.Find("If-None-Match");
  const std::string wanted = '"' + std::string(tag) + '"';
  while (!seen.empty()) {
    const std::size_t end = std::min(seen.find(','), seen.size());
    std::string_view one = seen.substr(0, end);
    seen.remove_prefix(std::min(end + 1, seen.size()));
    one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
    one = one.substr(0, one.find_last_not_of(" \t") + 1);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == wanted) return true;
  }
  return false;
}

Reply WithTag(Reply reply, const std::string& tag) {
  if (!tag.empty()) reply.headers.emplace_back("ETag", "\"" + tag + "\"");
  return reply;
}

}  // namespace passmint::http
