#include "issuance/approval.h"

#include <gtest/gtest.h>

namespace passmint::issuance {
namespace {

const ApiKeyName kDora("dora");
const ApiKeyName kPavel("pavel");

TEST(ApprovalTest, ByRoleLetsAuthorsPublishTheirOwnWork) {
  EXPECT_TRUE(CheckApprover(Approval::kRole, kDora, kDora).ok());
}

TEST(ApprovalTest, ByAnotherPersonRefusesTheAuthorOfTheLatestChange) {
  const Status own = CheckApprover(Approval::kAnotherPerson, kDora, kDora);
  ASSERT_FALSE(own.ok());
  EXPECT_EQ(own.error().code, ErrorCode::kPermissionDenied);
  EXPECT_EQ(own.error().reason, "own_work");
}

TEST(ApprovalTest, ByAnotherPersonLetsAnybodyElsePublish) {
  EXPECT_TRUE(CheckApprover(Approval::kAnotherPerson, kDora, kPavel).ok());
  EXPECT_TRUE(CheckApprover(Approval::kAnotherPerson, ApiKeyName("settings"), kDora).ok());
}

TEST(ApprovalTest, IsNamedAsInTheSettings) {
  EXPECT_EQ(Name(Approval::kRole), "role");
  EXPECT_EQ(Name(Approval::kAnotherPerson), "another_person");
}

}  // namespace
}  // namespace passmint::issuance
