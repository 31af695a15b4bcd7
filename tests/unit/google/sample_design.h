#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "design/design.h"
#include "google/environment.h"
#include "google/layout.h"
#include "google/vertical.h"
#include "json/json.h"

namespace passmint::google::testing {

// template.json of the smallest card of a vertical that Google's lint has nothing against but
// remarks; its locales are en and ru.
Json SmallTemplate(Vertical vertical);

// The same with an RFC 7396 patch; "<null>" in it becomes null in template.json.
Json SmallTemplate(Vertical vertical, const std::string& patch);

// Compiles it with the locales below and pictures of google-logo (660 x 660) and google-hero
// (1032 x 336); fails the test if the template does not lint. `more` adds files, or with "" takes
// them away.
std::shared_ptr<const design::Design> CompileSample(const Json& template_json,
                                                    const design::TemplateFiles& more = {});

// "https://cards.example.com", issuer 3388000000022141777.
Environment SampleEnvironment();

// A design with a changed template: for what design::Compile would refuse by itself.
class AlteredDesign final : public design::Design {
 public:
  AlteredDesign(std::shared_ptr<const design::Design> base,
                const std::function<void(design::Template&)>& alter)
      : base_(std::move(base)), source_(base_->source()) {
    alter(source_);
  }

  const design::Template& source() const override { return source_; }
  const design::ProgrammeFacts& programme() const override { return base_->programme(); }
  const std::vector<design::ImageSlot>& slots() const override { return base_->slots(); }
  const design::Findings& findings() const override { return base_->findings(); }
  const std::string& hash() const override { return base_->hash(); }
  design::RenderedCard Render(const design::Values& values,
                              design::CardState state) const override {
    return base_->Render(values, state);
  }

 private:
  std::shared_ptr<const design::Design> base_;
  design::Template source_;
};

// A flat PNG.
std::string FlatPng(int width, int height);

struct Made {
  std::shared_ptr<const design::Design> design;
  Layout layout;
  Json pass_class;
  Json object;
};

// Class and object of a sample member, in the state active.
Made Make(const Json& template_json, design::Sample sample = design::Sample::kTypical,
          const design::TemplateFiles& more = {});

}  // namespace passmint::google::testing
