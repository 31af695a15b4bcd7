#include "app/console.h"

#include <algorithm>
#include <string>

namespace passmint::app {

// Texts may quote what came from outside: no control character reaches a terminal.
void Console::Line(std::string_view kind, std::string_view text) const {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  err << "passmint: " << kind << line << '\n';
  err.flush();
}

void Console::Progress(std::string_view text) const { Line("", text); }
void Console::Warn(std::string_view text) const { Line("warning: ", text); }
void Console::Hint(std::string_view text) const { Line("hint: ", text); }

void Console::Report(const Error& error) const {
  Line("error: ", error.message);
  const bool is_repetition = error.problems.size() == 1 &&
                             error.message.find(error.problems[0].detail) != std::string::npos;
  if (!is_repetition) {
    for (const InputProblem& problem : error.problems) Line("error:   ", problem.detail);
  }
  if (!error.hint.empty()) Hint(error.hint);
}

}  // namespace passmint::app
