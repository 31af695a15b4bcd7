#pragma once

#include <string>

#include "http/message.h"

namespace passmint::bench {

// Answers per second of a server on loopback: `clients` connections that are kept, each with the
// next request when its answer is whole. Ends the program if an answer has not `status`.
double PerSecond(int port, const http::Request& request, int status, int clients, double seconds);

// Debian's cpp-httplib as its own example serves it, "Hello World!", with the settings that it
// needs to be fast.
class HelloWorld {
 public:
  HelloWorld();
  ~HelloWorld();
  HelloWorld(const HelloWorld&) = delete;
  HelloWorld& operator=(const HelloWorld&) = delete;

  int port() const;

 private:
  struct Rep;
  Rep* rep_;
};

}  // namespace passmint::bench
