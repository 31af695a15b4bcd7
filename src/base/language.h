#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace passmint {

// True if `tag` is a language as a template folder may name it: language[-Script][-REGION], "en",
// "pt-BR", "zh-Hans" (the forms Apple's .lproj folders and BCP 47 share).
bool IsLanguageTag(std::string_view tag);

// True if text in this language runs from right to left: Arabic, Hebrew, Persian, Urdu, ...
bool IsRightToLeft(std::string_view tag);

// The one of `offered` that suits `wanted` best: the same tag, else the same language, else the
// first. REQUIRES: `offered` is not empty.
const std::string& ChooseLanguage(const std::vector<std::string>& offered, std::string_view wanted);

// The tags of an Accept-Language header (RFC 9110 section 12.5.4), best first, "*" and q=0 left
// out. Whatever cannot be read is passed over; at most 16 tags are looked at.
std::vector<std::string> ParseAcceptLanguage(std::string_view header);

}  // namespace passmint
