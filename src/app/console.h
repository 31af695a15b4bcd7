#pragma once

#include <ostream>
#include <string_view>

#include "base/error.h"

namespace passmint::app {

// Where a command talks to: results to `out`, everything else to `err`.
struct Console {
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;

  // "passmint: making the certificates": what long work is doing.
  void Progress(std::string_view text) const;
  void Warn(std::string_view text) const;
  void Hint(std::string_view text) const;

  // "passmint: error: ...", a line for each of several problems, and "passmint: hint: ...".
  void Report(const Error& error) const;

 private:
  void Line(std::string_view kind, std::string_view text) const;
};

}  // namespace passmint::app
