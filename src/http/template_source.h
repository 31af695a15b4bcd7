#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "design/template_files.h"
#include "json/json.h"

namespace passmint::http {

// A template folder on the wire: application/zip, or the JSON document TemplateSource of the
// OpenAPI document: {template, locales: {lang: {...}}, images: {path under images/: base64}}.

// At most this is read of a request body (assets/openapi.yaml: 32 MiB, base64 included).
inline constexpr std::size_t kSourceBytesMax = 48 * 1024 * 1024;

// Fails with kUnsupported on another type, with kInvalidSyntax or kInvalidArgument on a body that
// is no such document or archive, with kTooLarge over the limits of design/template_files.h. Paths
// that would lead out of the folder are refused.
Result<design::TemplateFiles> DecodeSource(std::string_view body, std::string_view content_type);

// The same of a document that is part of another one.
Result<design::TemplateFiles> DecodeSourceDocument(const Json& document);

// The files of an archive that a stranger packed: bounded, with names that lead nowhere else. Fails
// with kInvalidArgument.
Result<design::TemplateFiles> UnpackTemplate(std::string_view body);

// The JSON document has template.json, locales/*.json and images/*; other files are in the zip
// only. So a draft that was sent as JSON in place of `present` keeps its other files, and the bytes
// of texts that say the same as before: their order and spaces are the designer's.
void KeepWhatJsonCannotSay(const design::TemplateFiles& present, design::TemplateFiles& files);

Result<std::string> EncodeSourceJson(const design::TemplateFiles& files);
Result<std::string> EncodeSourceZip(const design::TemplateFiles& files);

}  // namespace passmint::http
