#pragma once

#include <string>

#include "base/random.h"

namespace passmint::push {

// A fresh apns-id: a random UUID (RFC 9562 version 4) in canonical form, lower case.
std::string MakeApnsId(Random& random);

}  // namespace passmint::push
