#include <unistd.h>

#include <exception>
#include <iostream>

#include "app/cli.h"

int main(int argc, char** argv) {
  const passmint::app::Console console{std::cout, std::cerr, ::isatty(STDOUT_FILENO) == 1};
  try {
    return passmint::app::RunCommandLine(argc, argv, console);
  } catch (const std::exception& failure) {
    // Out of memory, or a bug: nothing else throws this far.
    std::cerr << "passmint: error: " << failure.what() << '\n';
    return 1;
  }
}
