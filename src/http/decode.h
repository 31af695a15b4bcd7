#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "json/json.h"

namespace passmint::http {

// The bounds of a string field, in characters.
struct TextBounds {
  std::size_t min = 1;
  std::size_t max = 256;
};

inline constexpr TextBounds kCallerId{1,
                                      128};  // Ids that callers make (contract/api.md section 1).

// Reads a JSON object field by field and collects what is wrong with it, each with its pointer. A
// field that nobody asked for is unknown: Finish says so and names the nearest known one. An absent
// field and null are the same.
//
// Fields are read by name; a wrong one is reported and read as if absent, so that one look finds
// all.
class ObjectReader {
 public:
  // `problems` collects; it is shared with the readers of nested objects. REQUIRES: both outlive
  // this.
  ObjectReader(const Json& object, std::string pointer, std::vector<InputProblem>& problems);

  // An object was expected and something else is there: has been reported, and every read gives
  // nothing.
  bool is_object() const { return object_ != nullptr; }

  std::optional<std::string> Text(std::string_view name, TextBounds bounds = {});
  std::string RequiredText(std::string_view name, TextBounds bounds = {});
  std::optional<std::int64_t> Integer(std::string_view name, std::int64_t min, std::int64_t max);
  std::int64_t RequiredInteger(std::string_view name, std::int64_t min, std::int64_t max);
  std::optional<bool> Boolean(std::string_view name);
  // One of `values`; the index of it.
  std::optional<std::size_t> Choice(std::string_view name,
                                    std::initializer_list<std::string_view> values);
  // Null if absent. Of any type; the caller reads on.
  const Json* Any(std::string_view name);
  const Json* Object(std::string_view name);
  const Json* Array(std::string_view name, std::size_t size_max);

  // Whether the field is there, be it null: for patches, where null means "remove".
  bool Has(std::string_view name);

  std::string PointerTo(std::string_view name) const;
  void Report(std::string_view name, std::string code, std::string detail);

  // Reports every field that was not asked for.
  void Finish();

 private:
  const Json* Find(std::string_view name);

  const Json* object_;
  std::string pointer_;
  std::vector<InputProblem>& problems_;
  std::vector<std::string> known_;
};

// The body as a JSON value. Fails with kInvalidSyntax (reason "invalid_json"), kTooLarge, and with
// kUnsupported if `content_type` is not application/json (parameters are passed over) or one of
// `also`.
Result<Json> ParseBody(std::string_view body, std::string_view content_type,
                       std::initializer_list<std::string_view> also = {});

// For a call that says all in its path: there is no body, or an empty JSON object.
Status RequireNoMembers(std::string_view body, std::string_view content_type);

// Nothing if `problems` is empty, else the Error that holds them.
Status Verdict(std::vector<InputProblem> problems);

// "limit" of a list's query string: 1 to 200, 50 if it is absent. Anything else is a problem.
int DecodeLimit(std::string_view query, std::vector<InputProblem>& problems);

inline constexpr std::size_t kJsonBytesMax = 1024 * 1024;

}  // namespace passmint::http
