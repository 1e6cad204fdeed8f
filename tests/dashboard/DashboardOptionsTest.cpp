#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "StressBot/dashboard/DashboardOptions.h"
#include "tests/TemporaryDirectory.h"
#include "tests/dashboard/FontSamples.h"

/// The command line of stressbot-dashboard.
namespace stressbot {
namespace {

using testing::HasSubstr;

ParsedDashboardOptions Parse(std::vector<const char*> words) {
  words.insert(words.begin(), "stressbot-dashboard");
  return ParseDashboardOptions(static_cast<int>(words.size()), words.data());
}

std::string MistakeOf(const std::vector<const char*>& words) {
  testing::internal::CaptureStderr();
  const ParsedDashboardOptions parsed = Parse(words);
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_FALSE(parsed.options);
  EXPECT_EQ(parsed.leave_with, ExitCode::kConfiguration);
  return told;
}

TEST(DashboardOptionsTest, NothingIsNeeded) {
  const auto options = Parse({}).options;
  ASSERT_TRUE(options);
  EXPECT_EQ(options->file, "");
  EXPECT_FALSE(options->language);
  EXPECT_EQ(options->theme, ThemeChoice::kSystem);
  EXPECT_EQ(options->scale, 1);
  EXPECT_FALSE(options->offscreen);
}

TEST(DashboardOptionsTest, AllOfThem) {
  const TemporaryDirectory folder;
  const std::string font = (folder.path() / "a.ttf").string();
  std::ofstream(font, std::ios::binary) << SampleFont();
  const auto options =
      Parse({"town.json",   "--scenarios",       "mine",      "--target", "127.0.0.1:0",
             "--server",    "./server --port 0", "--lang",    "ko",       "--theme",
             "light",       "--scale",           "1.5",       "--font",   font.c_str(),
             "--offscreen", "1280x720",          "--picture", "a.png",    "--probe",
             "probe.json"})
          .options;
  ASSERT_TRUE(options);
  EXPECT_EQ(options->file, "town.json");
  EXPECT_EQ(options->scenario_folder, "mine");
  EXPECT_EQ(options->target, "127.0.0.1:0");
  EXPECT_EQ(options->server_command, "./server --port 0");
  EXPECT_EQ(options->language, Language::kKorean);
  EXPECT_EQ(options->theme, ThemeChoice::kLight);
  EXPECT_EQ(options->scale, 1.5F);
  EXPECT_EQ(options->font_file, font);
  EXPECT_EQ(options->offscreen->width, 1280);
  EXPECT_EQ(options->offscreen->height, 720);
  EXPECT_EQ(options->picture_file, "a.png");
  EXPECT_EQ(options->probe_file, "probe.json");
}

TEST(DashboardOptionsTest, MistakesSayWhatToWrite) {
  EXPECT_THAT(MistakeOf({"--lang", "fr"}), HasSubstr("write en or ko"));
  EXPECT_THAT(MistakeOf({"--theme", "blue"}), HasSubstr("write dark, light or system"));
  for (const char* size : {"1280", "1280x", "x720", "12x720", "1280x99999", "1280x720x2", "axb"}) {
    EXPECT_THAT(MistakeOf({"--offscreen", size}), HasSubstr("such as 1280x720")) << size;
  }
  for (const char* scale : {"0", "0.4", "5", "-1", "nan"}) {
    EXPECT_THAT(MistakeOf({"--scale", scale}), HasSubstr("from 0.5 to 4")) << scale;
  }
  EXPECT_THAT(MistakeOf({"--font", "/no/such/font.ttf"}), HasSubstr("/no/such/font.ttf"));
  EXPECT_THAT(MistakeOf({"--offscren", "1280x720"}), HasSubstr("--offscreen"));
  EXPECT_THAT(MistakeOf({"a.json", "b.json"}), HasSubstr("one word too many"));
}

TEST(DashboardOptionsTest, HelpTeachesWithExamples) {
  testing::internal::CaptureStdout();
  const ParsedDashboardOptions parsed = Parse({"--help"});
  const std::string told = testing::internal::GetCapturedStdout();
  EXPECT_FALSE(parsed.options);
  EXPECT_EQ(parsed.leave_with, ExitCode::kPassed);
  EXPECT_THAT(told, HasSubstr("--server \"./game-server --port 0\""));
  EXPECT_THAT(told, HasSubstr("stressbot run --help"));
}

}  // namespace
}  // namespace stressbot
