#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "StressBot/report/FileWriter.h"
#include "tests/TemporaryDirectory.h"

namespace stressbot {
namespace {

namespace fs = std::filesystem;

TEST(FileLinkTest, ALinkKeepsPointingAtTheFile) {
  const TemporaryDirectory folder;
  const fs::path target = folder.path() / "run-1.json";
  const fs::path link = folder.path() / "latest.json";
  std::string error;
  ASSERT_TRUE(WriteFileAtomically(target, "old", error));
  fs::create_symlink("run-1.json", link);
  ASSERT_TRUE(WriteFileAtomically(link, "new", error)) << error;
  EXPECT_TRUE(fs::is_symlink(link));
  std::ifstream file(target, std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "new");
}

}  // namespace
}  // namespace stressbot
