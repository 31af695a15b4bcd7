#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace passmint::apple {

// manifest.json: one object, path -> SHA-1 of the file in 40 lower-case hex digits, over every file
// but itself and `signature` (Apple, "Building a pass"; Apple reference 1.2). The text is made
// once, then hashed, signed and packed as the same bytes.

// `"path":"hex"` and a comma: the text of one file in a manifest.
std::string ManifestMember(std::string_view path, std::string_view bytes);

// The manifest of members that ManifestMember made, one after the other.
std::string CloseManifest(std::string_view members);

// Path -> digest of a manifest from outside. Fails with kInvalidSyntax if it is no JSON object,
// with kInvalidArgument ("bad_manifest") if a digest is not 40 hex digits.
Result<std::map<std::string, std::string>> ParseManifest(std::string_view bytes);

}  // namespace passmint::apple
