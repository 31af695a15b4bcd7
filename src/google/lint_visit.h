#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "google/schema.h"
#include "json/json.h"

namespace passmint::google {

// Calls `visit` for `resource` and every object below it that the schema knows, outermost first,
// with its type and its JSON pointer. What does not follow the schema is passed over.
using Visit =
    std::function<void(const Json& part, const SchemaType& type, const std::string& path)>;
void VisitParts(const Json& resource, const SchemaType& schema, const Visit& visit);

// The member `key`, or JSON null if there is none or `object` is no object.
const Json& MemberOf(const Json& object, std::string_view key);

// The text of `key` if it is one, else "".
std::string_view TextOf(const Json& object, std::string_view key);

}  // namespace passmint::google
