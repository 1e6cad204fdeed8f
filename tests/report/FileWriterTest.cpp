#include "StressBot/report/FileWriter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "StressBot/system/Utf8Path.h"
#include "tests/TemporaryDirectory.h"

namespace stressbot {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class FileWriterTest : public testing::Test {
 protected:
  static std::string Read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::ptrdiff_t FilesInFolder() const {
    return std::distance(fs::directory_iterator(folder_), fs::directory_iterator());
  }

  const TemporaryDirectory owned_folder_;
  const fs::path& folder_ = owned_folder_.path();
  std::string error_;
};

TEST_F(FileWriterTest, WritesAndReplacesWithoutLeavingAnythingElse) {
  const fs::path path = folder_ / "보고서.json";
  ASSERT_TRUE(WriteFileAtomically(path, "old", error_)) << error_;
  ASSERT_TRUE(WriteFileAtomically(path, "new\n", error_)) << error_;
  EXPECT_EQ(Read(path), "new\n");
  EXPECT_EQ(FilesInFolder(), 1);
}

TEST_F(FileWriterTest, AMissingFolderIsNamedAndExplained) {
  EXPECT_FALSE(WriteFileAtomically(folder_ / "absent" / "run.json", "text", error_));
  EXPECT_THAT(error_, HasSubstr(Utf8Of(folder_ / "absent" / "run.json")));
  EXPECT_THAT(error_, HasSubstr("does not exist. Create it"));
}

TEST_F(FileWriterTest, AFolderInTheWayIsExplained) {
  EXPECT_FALSE(WriteFileAtomically(folder_, "text", error_));
  EXPECT_THAT(error_, HasSubstr("it is a folder"));
  EXPECT_EQ(FilesInFolder(), 0);
}

}  // namespace
}  // namespace stressbot
