#include "issuance/draft_pictures.h"

#include "issuance/drafts.h"
#include "unit/issuance/fixture.h"

namespace passmint::issuance {
namespace {

using design::TemplateFiles;

class DraftPicturesTest : public IssuanceTest {
 protected:
  // Saves the draft "autumn" with this picture.
  void Save(const std::string& text, const std::string& picture) { Save("autumn", text, picture); }
  void Save(const std::string& name, const std::string& text, const std::string& picture) {
    const TemplateFiles files = {
        {"template.json",
         R"({"kind": "loyalty", "languages": ["en"], "logo_text": ")" + text + R"("})"},
        {"locales/en.json", "{}"},
        {"images/logo.png", picture}};
    const Status saved = store_->Write([&](Transaction& transaction) {
      return transaction.PutDraft(programme_.programme.id, {.name = TemplateName(name),
                                                            .etag = DraftTag(files),
                                                            .files = files,
                                                            .author = ApiKeyName("dora"),
                                                            .updated_at = clock_.Now()});
    });
    EXPECT_TRUE(saved.ok()) << saved.error().message;
  }

  static std::shared_ptr<const TemplateFiles> Get(DraftPictures& pictures,
                                                  const std::string& name = "autumn") {
    auto files = pictures.Get(ProgrammeId("coffee"), TemplateName(name));
    EXPECT_TRUE(files.ok()) << files.error().message;
    return files.ok() ? files.value() : nullptr;
  }
};

TEST_F(DraftPicturesTest, AreTheDraftsFilesWithoutItsTexts) {
  Save("One", "png");
  DraftPictures pictures(*store_);
  EXPECT_EQ(*Get(pictures), (TemplateFiles{{"images/logo.png", "png"}}));
}

TEST_F(DraftPicturesTest, AreReadOnceUntilTheDraftIsSaved) {
  Save("One", "old");
  DraftPictures pictures(*store_);
  const auto first = Get(pictures);
  EXPECT_EQ(Get(pictures), first);
  Save("Two", "new");
  EXPECT_EQ(Get(pictures)->at("images/logo.png"), "new");
  EXPECT_EQ(first->at("images/logo.png"), "old") << "whoever draws with them keeps them";
}

TEST_F(DraftPicturesTest, OfATemplateThatNobodyHasEditedAreItsVersions) {
  const TemplateFiles files = {{"template.json", R"({"kind": "loyalty", "languages": ["en"]})"},
                               {"images/icon.png", "i"}};
  const Status published = store_->Write([&](Transaction& transaction) {
    return transaction.InsertDesignVersion(programme_.programme.id,
                                           {.name = TemplateName("shipped"),
                                            .version = 1,
                                            .hash = DraftTag(files),
                                            .kind = "loyalty",
                                            .files = files,
                                            .changed_at = clock_.Now(),
                                            .published_at = clock_.Now(),
                                            .author = ApiKeyName("settings"),
                                            .published_by = ApiKeyName("settings"),
                                            .comment = {},
                                            .withdrawal = {}});
  });
  ASSERT_TRUE(published.ok()) << published.error().message;
  DraftPictures pictures(*store_);
  const auto first = Get(pictures, "shipped");
  EXPECT_EQ(*first, (TemplateFiles{{"images/icon.png", "i"}}));
  EXPECT_EQ(Get(pictures, "shipped"), first);
}

TEST_F(DraftPicturesTest, GoWhenOthersAreUsedAndTheirRoomIsFull) {
  constexpr std::size_t kRoom = 2'500;
  DraftPictures pictures(*store_, kRoom);
  for (const char* name : {"one", "two", "three"}) Save(name, name, std::string(1'000, name[0]));
  const auto one = Get(pictures, "one");
  const auto two = Get(pictures, "two");
  EXPECT_EQ(Get(pictures, "one"), one);
  (void)Get(pictures, "three");
  EXPECT_EQ(Get(pictures, "one"), one);
  EXPECT_NE(Get(pictures, "two"), two) << "it was used least recently";
}

TEST_F(DraftPicturesTest, LargerThanTheRoomAreHandedOutAndNotKept) {
  constexpr std::size_t kRoom = 10;
  DraftPictures pictures(*store_, kRoom);
  Save("One", std::string(1'000, 'p'));
  const auto first = Get(pictures);
  EXPECT_EQ(first->at("images/logo.png").size(), 1'000u);
  EXPECT_NE(Get(pictures), first);
}

TEST_F(DraftPicturesTest, OfNoSuchTemplateAreNotFound) {
  DraftPictures pictures(*store_);
  const auto files = pictures.Get(ProgrammeId("coffee"), TemplateName("nowhere"));
  EXPECT_EQ(files.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(pictures.Get(ProgrammeId("tea"), TemplateName("points")).error().code,
            ErrorCode::kNotFound);
}

}  // namespace
}  // namespace passmint::issuance
