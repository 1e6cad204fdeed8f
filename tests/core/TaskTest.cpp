#include "ServerCore/thread/Task.h"

#include <gtest/gtest.h>

namespace servercore {
namespace {

TEST(TaskTest, OwnsWhatCannotBeCopied) {
  int seen = 0;
  Task task([value = std::make_unique<int>(5), &seen] { seen = *value; });
  Task moved = std::move(task);
  EXPECT_FALSE(task);  // NOLINT: a moved-from task is empty
  ASSERT_TRUE(moved);
  moved();
  EXPECT_EQ(seen, 5);
}

TEST(TaskTest, FreesWhatItOwnsWhenItIsDroppedWithoutARun) {
  const auto value = std::make_shared<int>(1);
  {
    const Task task([value] {});
    EXPECT_EQ(value.use_count(), 2);
  }
  EXPECT_EQ(value.use_count(), 1);
}

TEST(TaskTest, AnEmptyOneSaysSo) { EXPECT_FALSE(Task()); }

}  // namespace
}  // namespace servercore
