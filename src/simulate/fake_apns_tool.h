#pragma once

#include <istream>
#include <ostream>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "simulate/fake_apns.h"

namespace passmint::simulate {

struct FakeApnsToolOptions {
  FakeApnsOptions apns = {};
  std::string ca_file;  // Where the certificate is written that clients are to trust.
};

// A fake APNs as a program: serves until `in` ends, and talks in lines of JSON, so that any
// language can drive it. Prints
//   {"event":"listening","port":N,"url":"https://localhost:N","ca_file":"..."}    first,
//   {"event":"push","token":"...","topic":"...","apns_id":"...","expiration":N,"priority":N}
//                                                       for each push that a phone would get,
// and reads commands, each of which it answers with {"event":"done"}, {"event":"totals",...} or
// {"event":"error","message":"..."}:
//   {"do":"fail","fault":"goaway","count":1}            as FailNext; names as ParseApnsFault
//   {"do":"answer","status":503,"reason":"...","retry_after":0,"count":1}
//   {"do":"share","fault":"unavailable","share":0.01}
//   {"do":"add","token":"...","topic":"..."}
//   {"do":"retire","token":"...","timestamp":MILLISECONDS}
//   {"do":"down","down":true}   {"do":"goaway","reason":"Shutdown"}   {"do":"streams","max":10}
//   {"do":"totals"}
// Fails as FakeApns::Start, and with kUnavailable if the CA file cannot be written.
Status RunFakeApnsTool(const FakeApnsToolOptions& options, const Clock& clock, std::istream& in,
                       std::ostream& out);

}  // namespace passmint::simulate
