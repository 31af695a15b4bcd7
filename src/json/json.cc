#include "json/json.h"

#include <set>
#include <utility>
#include <vector>

#include "base/utf8.h"

template class nlohmann::basic_json<>;

namespace passmint::json {
namespace {

// Builds the value while refusing what the library would let through.
class StrictBuilder final : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return Add(nullptr); }
  bool boolean(bool value) override { return Add(value); }
  bool number_integer(std::int64_t value) override { return Add(value); }
  bool number_unsigned(std::uint64_t value) override { return Add(value); }
  bool number_float(double value, const std::string& text) override {
    // The library falls back to double when an integer does not fit; a text without . or e was one.
    if (text.find_first_of(".eE") == std::string::npos) {
      return Refuse("integer " + text.substr(0, 40) + " does not fit 64 bits");
    }
    return Add(value);
  }
  bool string(std::string& value) override { return Add(std::move(value)); }
  bool binary(Json::binary_t&) override { return Refuse("binary value"); }

  bool start_object(std::size_t) override { return Open(Json::object()); }
  bool end_object() override { return Close(); }
  bool start_array(std::size_t) override { return Open(Json::array()); }
  bool end_array() override { return Close(); }

  bool key(std::string& name) override {
    if (stack_.back()->contains(name))
      return Refuse("key \"" + name.substr(0, 64) + "\" stands twice");
    key_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
    if (message_.empty()) {
      message_ = "not JSON at byte " + std::to_string(position == 0 ? 0 : position - 1);
    }
    return false;
  }

  Json TakeValue() { return std::move(root_); }
  const std::string& message() const { return message_; }

 private:
  bool Refuse(std::string message) {
    message_ = std::move(message);
    return false;
  }

  Json* Place(Json value) {
    if (stack_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Json& parent = *stack_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    return &(parent[key_] = std::move(value));
  }

  bool Add(Json value) {
    (void)Place(std::move(value));
    return true;
  }

  bool Open(Json container) {
    if (stack_.size() >= static_cast<std::size_t>(kDepthMax)) {
      return Refuse("nested deeper than " + std::to_string(kDepthMax));
    }
    stack_.push_back(Place(std::move(container)));
    return true;
  }

  bool Close() {
    stack_.pop_back();
    return true;
  }

  Json root_;
  // Containers that are still open. An element's address holds while its parent gets no new
  // element, and a parent gets none before the child is closed.
  std::vector<Json*> stack_;
  std::string key_;
  std::string message_;
};

}  // namespace

Result<Json> Parse(std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max) {
    return Error{.code = ErrorCode::kTooLarge,
                 .message = "larger than " + std::to_string(bytes_max) + " bytes"};
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    return Error{.code = ErrorCode::kInvalidSyntax,
                 .message = "starts with a byte order mark; send plain UTF-8"};
  }
  if (!IsUtf8(text)) return Error{.code = ErrorCode::kInvalidSyntax, .message = "not UTF-8"};
  StrictBuilder builder;
  if (!Json::sax_parse(text.begin(), text.end(), &builder)) {
    return Error{.code = ErrorCode::kInvalidSyntax, .message = builder.message()};
  }
  return builder.TakeValue();
}

std::string Dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string DumpPretty(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void MergePatch(Json& target, const Json& patch) { target.merge_patch(patch); }

std::string Child(std::string_view pointer, std::string_view key) {
  std::string child(pointer);
  child += '/';
  for (const char c : key) {
    if (c == '~')
      child += "~0";
    else if (c == '/')
      child += "~1";
    else
      child += c;
  }
  return child;
}

std::string Child(std::string_view pointer, std::size_t index) {
  return std::string(pointer) + "/" + std::to_string(index);
}

}  // namespace passmint::json
