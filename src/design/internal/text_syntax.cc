#include "design/internal/text_syntax.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <memory>
#include <utility>

#include "design/internal/message.h"
#include "design/internal/report.h"
#include "design/values.h"

namespace passmint::design::internal {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";
// CLDR's plural categories (Unicode TR 35, part 3, section 5).
constexpr std::array<std::string_view, 6> kCategories = {"zero", "one",  "two",
                                                         "few",  "many", "other"};

class Parser {
 public:
  Parser(std::string_view source, Syntax syntax) : source_(source), syntax_(syntax) {}

  ParsedText Parse() {
    ParsedText parsed;
    parsed.parts = Parts({});
    parsed.problem = std::move(problem_);
    if (parsed.problem) parsed.parts.clear();
    return parsed;
  }

 private:
  struct Around {
    bool in_case = false;    // A '}' ends it.
    bool in_plural = false;  // A '#' is the number.
    int depth = 0;
  };

  bool Failed() const { return problem_.has_value(); }
  bool AtEnd() const { return position_ >= source_.size(); }
  bool Next(std::string_view text) const { return source_.substr(position_).starts_with(text); }

  void Fail(std::string cause, std::string cure) {
    if (!problem_) problem_ = SyntaxProblem{false, std::move(cause), std::move(cure)};
  }

  std::vector<Text::Part> Parts(const Around& around) {
    std::vector<Text::Part> parts;
    std::string literal;
    const auto flush = [&] {
      if (literal.empty()) return;
      parts.push_back({.type = Text::Part::Type::kLiteral, .text = literal});
      literal.clear();
    };
    while (!AtEnd() && !Failed()) {
      if (around.in_case && source_[position_] == '}') break;
      if (TakeLiteral(around, literal)) continue;
      flush();
      if (Next("{{")) {
        TakeVariable("{{", "}}", parts);
      } else if (source_[position_] == '#') {
        ++position_;
        parts.push_back({.type = Text::Part::Type::kCount, .text = "#"});
      } else {
        TakeArgument(around, parts);
      }
    }
    flush();
    return parts;
  }

  // One character or quoted stretch that stands for itself.
  bool TakeLiteral(const Around& around, std::string& literal) {
    if (Next("\\{{")) {
      literal += "{{";
      position_ += 3;
      return true;
    }
    if (Next("{{")) return false;
    const char c = source_[position_];
    if (Next("}}") && !around.in_case) {
      Fail("\"}}\" without \"{{\" before it", "Write {{name}}, or remove it.");
      return true;
    }
    if (syntax_ == Syntax::kMessage) {
      if (c == '{' || (c == '#' && around.in_plural)) return false;
      if (c == '\'') {
        TakeApostrophe(around, literal);
        return true;
      }
    }
    literal += c;
    ++position_;
    return true;
  }

  // ICU's "double optional" mode: an apostrophe quotes only where something needs quoting.
  void TakeApostrophe(const Around& around, std::string& literal) {
    ++position_;
    if (Next("'")) {
      literal += '\'';
      ++position_;
      return;
    }
    const bool quotes = Next("{") || Next("}") || (around.in_plural && Next("#"));
    if (!quotes) {
      literal += '\'';
      return;
    }
    while (!AtEnd()) {
      if (Next("''")) {
        literal += '\'';
        position_ += 2;
      } else if (Next("'")) {
        ++position_;
        return;
      } else {
        literal += source_[position_++];
      }
    }
  }

  void SkipSpace() {
    while (!AtEnd() && kWhiteSpace.find(source_[position_]) != std::string_view::npos) ++position_;
  }

  // Up to white space or one of ",{}".
  std::string_view Word() {
    SkipSpace();
    const std::size_t begin = position_;
    while (!AtEnd() &&
           std::string_view(" \t\r\n,{}").find(source_[position_]) == std::string_view::npos)
      ++position_;
    return source_.substr(begin, position_ - begin);
  }

  bool Take(std::string_view text) {
    SkipSpace();
    if (!Next(text)) return false;
    position_ += text.size();
    return true;
  }

  // Nothing, with the problem noted, if no variable has that name.
  const Variable* Known(std::string_view name) {
    const Variable* variable = FindVariable(name);
    if (variable == nullptr && !problem_) {
      problem_ = SyntaxProblem{true, "unknown variable " + Quote(name),
                               "Did you mean {{" + std::string(NearestVariable(name)) +
                                   "}}? `passmint template variables` lists them all."};
    }
    return variable;
  }

  void TakeVariable(std::string_view open, std::string_view close, std::vector<Text::Part>& parts) {
    position_ += open.size();
    const std::size_t end = source_.find(close, position_);
    if (end == std::string_view::npos) {
      Fail("\"{{\" without \"}}\" behind it", "Write {{name}}; a literal {{ is written \\{{.");
      return;
    }
    std::string_view name = source_.substr(position_, end - position_);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    position_ = end + close.size();
    AddVariable(name, parts);
  }

  void AddVariable(std::string_view name, std::vector<Text::Part>& parts) {
    const Variable* variable = Known(name);
    if (variable == nullptr) return;
    parts.push_back({.type = Text::Part::Type::kVariable,
                     .text = std::string(name),
                     .variable = static_cast<std::size_t>(variable - Variables().data())});
  }

  void TakeArgument(const Around& around, std::vector<Text::Part>& parts) {
    ++position_;  // '{'
    const std::string_view name = Word();
    if (Take("}")) {
      AddVariable(name, parts);
      return;
    }
    if (!Take(",")) {
      Fail("\"{" + std::string(name.substr(0, 40)) + "\" is neither a variable nor a plural",
           "Write {{name}} or {name, plural, one {...} other {...}}; a literal brace is '{'.");
      return;
    }
    const std::string_view type = Word();
    Message message;
    if (type == "plural") {
      message.type = Message::Type::kPlural;
    } else if (type == "selectordinal") {
      message.type = Message::Type::kOrdinal;
    } else if (type == "select") {
      message.type = Message::Type::kSelect;
    } else {
      Fail("ICU type " + Quote(type) + " is not supported",
           "Use plural, selectordinal or select; numbers, money and dates print by themselves.");
      return;
    }
    if (around.depth >= kMessageDepthMax) {
      Fail("plurals nested deeper than " + std::to_string(kMessageDepthMax), "Split the sentence.");
      return;
    }
    if (!Take(",")) {
      Fail("a comma is missing behind " + Quote(type), "Write {name, plural, one {...} ...}.");
      return;
    }
    if (!NameMessage(name, message)) return;
    TakeCases(around.depth + 1, message);
    if (Failed()) return;
    parts.push_back({.type = Text::Part::Type::kMessage,
                     .text = message.name,
                     .variable = message.variable,
                     .message = std::make_shared<const Message>(std::move(message))});
  }

  bool NameMessage(std::string_view name, Message& message) {
    const Variable* variable = Known(name);
    if (variable == nullptr) return false;
    message.name = std::string(name);
    message.variable = static_cast<std::size_t>(variable - Variables().data());
    if (message.type != Message::Type::kSelect && variable->type != ValueType::kInteger) {
      Fail("plural over " + Quote(name) + ", which is " + std::string(Name(variable->type)),
           "Plurals need a whole number, such as points.available.");
      return false;
    }
    return true;
  }

  void TakeCases(int depth, Message& message) {
    bool has_other = false;
    if (message.type != Message::Type::kSelect && Take("offset:")) {
      if (!ReadNumber(Word(), message.offset))
        Fail("the offset of a plural is not a whole number", "Write offset:1.");
    }
    while (!Failed() && !Take("}")) {
      Message::Case next;
      if (!TakeSelector(message, next)) return;
      const Around around{
          .in_case = true, .in_plural = message.type != Message::Type::kSelect, .depth = depth};
      next.parts = Parts(around);
      if (Failed()) return;
      if (!Take("}")) {
        Fail("the braces of " + Quote(message.name) + " do not close", "Add the missing \"}\".");
        return;
      }
      if (next.selector == "other") {
        has_other = true;
        message.other = message.cases.size();
      }
      message.cases.push_back(std::move(next));
    }
    if (!Failed() && !has_other) {
      Fail("the plural or select over " + Quote(message.name) + " has no case \"other\"",
           "Add other {...}: it stands for everything that no other case names.");
    }
  }

  bool TakeSelector(const Message& message, Message::Case& next) {
    if (AtEnd()) {
      Fail("the braces of " + Quote(message.name) + " do not close", "Add the missing \"}\".");
      return false;
    }
    const std::string_view selector = Word();
    next.selector = std::string(selector);
    if (message.type != Message::Type::kSelect && selector.starts_with("=")) {
      next.exact = true;
      if (!ReadNumber(selector.substr(1), next.number)) next.selector.clear();
    } else if (message.type != Message::Type::kSelect &&
               std::find(kCategories.begin(), kCategories.end(), selector) == kCategories.end()) {
      Fail(Quote(selector) + " is no plural category",
           "Use zero, one, two, few, many, other, or =5 for exactly 5.");
      return false;
    }
    for (const Message::Case& earlier : message.cases) {
      if (earlier.selector == next.selector) {
        Fail("the case " + Quote(selector) + " stands twice", "Remove one of them.");
        return false;
      }
    }
    if (next.selector.empty() || !Take("{")) {
      Fail("a case of " + Quote(message.name) + " has no {text}", "Write one {# point}.");
      return false;
    }
    return true;
  }

  static bool ReadNumber(std::string_view text, std::int64_t& number) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc() && read.ptr == text.data() + text.size() && number >= 0 &&
           number <= 1'000'000'000;
  }

  std::string_view source_;
  Syntax syntax_;
  std::size_t position_ = 0;
  std::optional<SyntaxProblem> problem_;
};

}  // namespace

ParsedText ParseTextSyntax(std::string_view source, Syntax syntax) {
  return Parser(source, syntax).Parse();
}

}  // namespace passmint::design::internal
