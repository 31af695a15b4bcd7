#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "design/design.h"

namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

// The bytes are template.json beside a good icon; what compiles must also render.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string icon =
      ReadFile(PASSMINT_SOURCE_DIR "/tests/data/templates/minimal/images/icon@3x.png");
  if (icon.empty()) std::abort();
  using namespace passmint::design;
  const TemplateFiles files = {
      {"template.json", std::string(reinterpret_cast<const char*>(data), size)},
      {"images/icon@3x.png", icon}};
  const Compiled compiled = Compile(files, ProgrammeFacts{.name = "Fuzz"});
  if (compiled.design == nullptr) {
    if (!HasErrors(compiled.findings)) std::abort();
    return 0;
  }
  (void)compiled.design->Render(SampleValues(Sample::kLongest, "RUB"), CardState::kActive);
  return 0;
}
