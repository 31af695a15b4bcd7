#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "design/design.h"
#include "design/internal/expander.h"
#include "design/internal/object_reader.h"
#include "design/internal/report.h"
#include "design/internal/text_parser.h"
#include "design/template.h"

namespace passmint::design::internal {

inline constexpr std::size_t kLanguagesMax = 30;
inline constexpr std::size_t kFieldsPerGroupMax = 50;
inline constexpr std::size_t kFieldsMax = 100;  // In the whole template.
inline constexpr std::size_t kBarcodesMax = 8;
inline constexpr std::size_t kLocationsMax = 10;  // Apple reference 1.6; Google reference 1.8.
inline constexpr std::size_t kListMax = 10;       // Beacons, links, actions, relevant dates.
inline constexpr std::size_t kImageChoicesMax = 20;

struct ParsedTemplate {
  Template source;
  std::vector<Form> block_forms;  // Parallel to Template::block_texts.
};

// "languages" of template.json, or nothing if it is wrong, which is reported (T03, T05, T09).
std::vector<std::string> ParseLanguages(const Json& root, Report& report);

// Reads all of template.json but "languages". What is wrong is reported and left out.
class TemplateParser {
 public:
  // All outlive the parser.
  TemplateParser(TextParser& texts, const ProgrammeFacts& programme, Report& report)
      : texts_(texts), programme_(programme), report_(report) {}

  ParsedTemplate Parse(const Json& root, std::vector<std::string> languages);

 private:
  // template_parser.cc
  void ParseLook(const ObjectReader& root);
  void ParseColors(const ObjectReader& root);
  void ParseStamps(const ObjectReader& root);
  void ParseImages(const ObjectReader& root);
  ImageChoice ParseImageChoice(const Json& json, const std::string& pointer);
  void ParseLinks(const ObjectReader& root);
  void ParseLocations(const ObjectReader& root);
  void SortBlockTexts();

  // field_parser.cc
  void ParseFields(const ObjectReader& root);
  Field ParseField(const Json& json, const std::string& pointer, FieldGroup group);
  Text ParseFieldValue(const ObjectReader& field);
  void ParseDateKeys(const ObjectReader& reader, Field& field);
  void ParseDetect(const ObjectReader& reader, Field& field);
  void CheckFieldType(const ObjectReader& reader, const Field& field);
  void CheckChange(const ObjectReader& reader, const Text& change);
  void ParseBarcodes(const ObjectReader& root);

  // block_parser.cc
  void ParseBlocks(const ObjectReader& root);
  void ParseOffer(const ObjectReader& root);
  void ParseEvent(const ObjectReader& root);
  void ParseVenue(const ObjectReader& event);
  void ParseBoarding(const ObjectReader& root);
  void ParseActions(const ObjectReader& root);
  void ParseApp(const ObjectReader& root);
  void ParseBeacons(const ObjectReader& root);
  void ParseRelevant(const ObjectReader& root);
  void ParseNfc(const ObjectReader& root);
  void ParsePersonalization(const ObjectReader& root);
  void ParsePoster(const ObjectReader& root);
  void ParseNative(const ObjectReader& root);

  Text ReadText(const ObjectReader& reader, std::string_view key, TextRules rules = {});
  // A link: the scheme must be one that a phone opens (T04).
  Text ReadUrl(const ObjectReader& reader, std::string_view key);
  void AddBlockText(const ObjectReader& reader, std::string_view key, Form form = Form::kProse);
  void AddBlockTexts(const ObjectReader& reader, ObjectReader::Keys keys);
  void AddBlockText(Text text, std::string pointer, Form form);
  // Every string of a native block that is a text.
  void AddNativeTexts(const Json& block, const std::string& pointer);
  // T15 unless it is an RFC 3339 date-time, a date, or one variable that may hold one.
  void CheckDate(const Text& text, const std::string& pointer);

  TextParser& texts_;
  const ProgrammeFacts& programme_;
  Report& report_;
  Template out_;
  std::vector<std::pair<BlockText, Form>> block_texts_;
};

// Whether `url` is absolute with a scheme that both wallets open: https, http, tel, mailto, sms.
bool IsOpenableUrl(std::string_view url);

// "-12.50" -> {-1250, 2}. Nothing unless it is 1 to 15 digits with at most 6 behind a point.
std::optional<Decimal> ParseDecimal(std::string_view text);

// A date or date-time written out, in `zone` if it has none of its own.
struct ParsedDate {
  Timestamp instant;
  bool date_only = false;
};
std::optional<ParsedDate> ParseDateText(std::string_view text, const calendar::TimeZone& zone);

}  // namespace passmint::design::internal
