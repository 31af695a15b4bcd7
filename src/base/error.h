#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace passmint {

// Says what the caller can do, not where the failure arose. Each code maps to one HTTP status
// (http/problem.cc) and to one retry decision; add a code only if both would differ.
enum class ErrorCode {
  kInvalidSyntax,       // 400. The bytes cannot be read at all, or a header is missing.
  kUnauthenticated,     // 401. Missing or wrong credentials.
  kPermissionDenied,    // 403. Known caller, role too small.
  kNotFound,            // 404.
  kConflict,            // 409. Right input, wrong state: blocked card, order with other content.
  kGone,                // 410. It existed and was closed or erased.
  kPreconditionFailed,  // 412. Stale If-Match.
  kTooLarge,            // 413.
  kUnsupported,         // 415.
  kInvalidArgument,     // 422. Readable, but wrong in meaning. The same input will fail again.
  kTooManyRequests,     // 429.
  kUnavailable,         // 503. Something we depend on did not answer. Later may work.
  kInternal,            // 500. Our bug or damaged data. Only the operator sees the message.
};

// One thing wrong with an input, and where.
struct InputProblem {
  std::string code;     // Stable snake_case, for programs: "unknown_field".
  std::string pointer;  // JSON pointer (RFC 6901) into the input, "" for the whole.
  std::string detail;   // For people: what is wrong and what would be right.

  friend bool operator==(const InputProblem&, const InputProblem&) = default;
};

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  // One lower-case phrase, no full stop: "serial number is empty". What a client error says may
  // reach the client, so it names their field and never ours.
  std::string message;
  // Stable snake_case, the <code> of urn:passmint:<code>: "card_blocked". Empty: the default of
  // `code`.
  std::string reason = {};
  // What to do about it; printed after "hint: " by the command line. May be empty.
  std::string hint = {};
  // Only with kInvalidSyntax and kInvalidArgument.
  std::vector<InputProblem> problems = {};
};

// Adds what we were doing, outermost first: "open ledger p.db: disk I/O error".
inline Error Annotate(Error error, std::string_view doing) {
  error.message = std::string(doing) + ": " + error.message;
  return error;
}

// An Error of kInvalidArgument with one problem in it.
inline Error InvalidInput(std::string code, std::string pointer, std::string detail) {
  Error error{.code = ErrorCode::kInvalidArgument, .message = detail};
  error.problems.push_back({std::move(code), std::move(pointer), std::move(detail)});
  return error;
}

}  // namespace passmint
