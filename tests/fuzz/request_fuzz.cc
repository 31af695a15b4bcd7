#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/language.h"
#include "base/timestamp.h"
#include "http/decode.h"
#include "http/router.h"
#include "http/template_source.h"

// Bodies, paths, queries and headers of strangers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  passmint::http::Router<int> router;
  router.Add("GET", "/a/{b}/{rest...}", 1);
  (void)router.Find("GET", bytes);
  (void)passmint::http::QueryValue(bytes, "source");
  (void)passmint::ParseAcceptLanguage(bytes);
  (void)passmint::ParseRfc3339(bytes).ok();
  (void)passmint::http::DecodeSource(bytes, "application/json").ok();
  (void)passmint::http::DecodeSource(bytes, "application/zip").ok();
  return 0;
}
