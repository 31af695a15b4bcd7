#include "google/lint.h"

#include <array>
#include <cstddef>
#include <string>

#include "google/layout.h"
#include "google/lint_report.h"
#include "google/wallet_class.h"
#include "google/wallet_object.h"

namespace passmint::google {
namespace {

constexpr std::array kSamples = {design::Sample::kLongest, design::Sample::kTypical,
                                 design::Sample::kEmpty,   design::Sample::kZero,
                                 design::Sample::kMillion, design::Sample::kVip};

// As long as such ids are, so that G18 sees the longest link.
ClassId StandIn(const IssuerId& issuer) {
  const std::size_t used = issuer.str().size() + 1;
  return MakeClassId(issuer, std::string(kAssumedClassIdLength - used, 'x'));
}

// "<issuer>." and the 22 characters of crypto::kTokenLength.
constexpr std::size_t kObjectSuffixLength = 22;

}  // namespace

design::Findings Lint(const design::Design& design, const Environment& environment) {
  design::Findings findings;
  const auto layout = MakeLayout(design, environment);
  if (!layout) return findings;
  LintReport report(findings);
  LintTemplate(*layout, report);
  // Stands in where a programme has no Google account yet.
  const IssuerId issuer =
      IsIssuerId(environment.issuer.str()) ? environment.issuer : IssuerId("3388000000000000000");
  const ClassId class_id = environment.class_id.empty() ? StandIn(issuer) : environment.class_id;
  const ObjectId object_id = MakeObjectId(issuer, std::string(kObjectSuffixLength, 'x'));
  const Json pass_class = MakeClass(*layout, class_id);
  for (const design::Sample sample : kSamples) {
    const auto card = design.Render(design::SampleValues(sample, design.programme().currency),
                                    design::CardState::kActive);
    const Json object = MakeObject(*layout, card, class_id, object_id);
    const Pair pair{*layout, pass_class, object};
    LintSchema(pair, Side::kClass, report);
    LintSchema(pair, Side::kObject, report);
    LintRules(pair, report);
    LintCardTemplate(pair, report);
    LintLimits(pair, report);
    LintLink(pair, environment, report);
  }
  return findings;
}

}  // namespace passmint::google
