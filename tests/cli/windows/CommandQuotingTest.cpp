#include "StressBot/system/windows/CommandQuoting.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <windows.h>
// Needs what <windows.h> declares.
#include <shellapi.h>

#include "ServerCore/io/backends/WindowsText.h"

namespace stressbot {
namespace {

TEST(CommandQuotingTest, TheSystemCutsTheLineIntoTheSameWords) {
  const std::vector<std::string> words{
      "server",    "",           "a b",        "\"", "c:\\x\\",
      "c:\\x y\\", "\\\"\\\\\"", "안녕하세요", "\t", "--name=\"x\""};
  const std::wstring line = JoinWords(words);
  int count = 0;
  wchar_t** cut = ::CommandLineToArgvW(line.c_str(), &count);
  ASSERT_NE(cut, nullptr);
  std::vector<std::string> got;
  for (int i = 0; i < count; ++i) got.push_back(servercore::ToUtf8(cut[i]));
  ::LocalFree(cut);
  EXPECT_EQ(got, words);
}

}  // namespace
}  // namespace stressbot
