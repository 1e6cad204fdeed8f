#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <imgui.h>

#include <map>
#include <string>
#include <vector>

#include "StressBot/dashboard/plot/Area.h"
#include "StressBot/dashboard/ui/Look.h"
#include "tests/dashboard/screens/RunScreenFixture.h"

/// Where the parts of the screen of a run are in windows of different sizes.
namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// With letters and distances as large as they are in a window.
class RunLayoutTest : public RunScreenTest {
 protected:
  RunLayoutTest() {
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    atlas.Clear();
    const auto add = [&atlas](float pixels) {
      ImFontConfig config;
      config.SizePixels = pixels;
      return atlas.AddFontDefault(&config);
    };
    ui_.fonts.text = add(17);
    ui_.fonts.small = add(15);
    ui_.fonts.title = add(23);
    ui_.fonts.huge = add(42);
    atlas.Build();
    ApplyLook(DarkTheme(), 1);
  }
  void SetSize(float width, float height) { ImGui::GetIO().DisplaySize = {width, height}; }
};

TEST_F(RunLayoutTest, NothingInTheHeaderIsOverAnythingElseOrCut) {
  auto view = MakeView(80);
  view->headline.requests_per_s = view->headline.asked_per_s = view->headline.delivered_per_s =
      91'234;
  view->headline.failures_per_s = 1'234;
  view->headline.p95 = view->headline.p99 = "≥ 5.00 s";
  view->headline.bots_active = 10'000;
  view->result.verdict.reasons.push_back({ExitCode::kGeneratorLimited, "its timers ran late"});
  view->result.duration = 80s;
  now_.status->load_time = 80s;
  now_.status->planned = 100min;
  screen_.set_command_line([] { return "stressbot run town.json"; });
  for (const bool is_over : {false, true}) {
    auto shown = std::make_shared<RunView>(*view);
    shown->is_over = is_over;
    now_.view = shown;
    now_.state = is_over ? RunHost::State::kOver : RunHost::State::kRunning;
    std::vector<std::string> names{"run.state", "run.progress", "run.verdict"};
    for (int i = 0; i < 6; ++i) names.push_back("run.figure." + std::to_string(i));
    for (const char* more : {"run.so_far", "run.pause", "run.end", "run.abort"})
      if (!is_over) names.emplace_back(more);
    for (const char* more : {"after.save", "after.copy", "after.new"})
      if (is_over) names.emplace_back(more);
    for (const Language language : {Language::kEnglish, Language::kKorean}) {
      ui_.tr = Texts(language);
      for (const float width : {640.F, 960.F, 1280.F, 1920.F}) {
        SetSize(width, 900);
        Frames(3);
        std::vector<plot::Box> boxes;
        for (const std::string& name : names) {
          const ProbeRect* rect = probe_.FindItem(name);
          ASSERT_NE(rect, nullptr) << name << " at " << width;
          const plot::Box box{rect->x, rect->y, rect->x + rect->width, rect->y + rect->height};
          EXPECT_LT(box.right, width - 11) << name << " at " << width;
          for (std::size_t i = 0; i < boxes.size(); ++i)
            EXPECT_FALSE(box.Touches(boxes[i])) << name << " and " << names[i] << " at " << width;
          boxes.push_back(box);
        }
      }
    }
  }
}

TEST_F(RunLayoutTest, ToolsOfPlotsGoOnInASecondRow) {
  auto view = MakeView(80);
  for (const char* step : {"chat", "move"}) {
    view->latencies.push_back({step, step, view->charts[0]});
    view->latencies.back().chart.id = "latency";
  }
  now_.view = view;
  std::map<std::string, float> whole;  // a probe's item ends where the window cuts it
  for (const float width : {1280.F, 960.F, 640.F}) {
    SetSize(width, 900);
    Frames(3);
    std::vector<plot::Box> boxes;
    for (const char* name : {"minute", "ten_minutes", "whole", "live", "step", "columns"}) {
      const ProbeRect* rect = probe_.FindItem(std::string("run.view.") + name);
      if (rect == nullptr) rect = probe_.FindItem(std::string("run.plot.") + name);
      if (rect == nullptr && std::string(name) == "columns" && width < 1000) continue;
      ASSERT_NE(rect, nullptr) << name << " at " << width;
      const plot::Box box{rect->x, rect->y, rect->x + rect->width, rect->y + rect->height};
      EXPECT_EQ(box.width(), whole.try_emplace(name, box.width()).first->second)
          << name << " at " << width;
      for (const plot::Box& other : boxes) EXPECT_FALSE(box.Touches(other)) << name;
      boxes.push_back(box);
    }
  }
}

TEST_F(RunLayoutTest, AServersNumbersMoveNoneOfTheOthers) {
  auto view = MakeView(80);
  ServerReport server;
  server.name = "game";
  server.pid = 12'345;
  server.watched = server.alive = true;
  server.cpu_percent = 9;
  server.memory_bytes = 9.9e6;
  server.threads = 9;
  view->result.servers = {server};
  now_.view = view;
  const auto lefts = [this] {
    std::vector<float> places;
    for (int i = 0; i < 4; ++i) {
      const ProbeRect* fact = probe_.FindItem("run.server.fact." + std::to_string(i));
      places.push_back(fact == nullptr ? -1 : fact->x);
    }
    return places;
  };
  for (const float width : {640.F, 1280.F, 1920.F}) {
    SetSize(width, 900);
    now_.view = view;
    Frames(3);
    const std::vector<float> before = lefts();
    EXPECT_GT(before[3], 0) << width;
    auto later = std::make_shared<RunView>(*view);
    later->result.servers[0].cpu_percent = 1'200;
    later->result.servers[0].memory_bytes = 123.4e6;
    now_.view = later;
    Frames(3);
    EXPECT_EQ(lefts(), before) << width;
  }
}

TEST_F(RunLayoutTest, OfARunThatIsOverTheServerIsNotAliveAnyMore) {
  auto view = MakeView(80);
  ServerReport server;
  server.pid = 12'345;
  server.watched = server.alive = true;
  view->result.servers = {server};
  now_.view = view;
  Frames(3);
  EXPECT_THAT(probe_.ToJson(), HasSubstr("\"run.server\": \"alive\""));
  EXPECT_TRUE(Shows("run.server.fact.0"));
  view->is_over = true;
  now_.state = RunHost::State::kOver;
  Frames(3);
  EXPECT_THAT(probe_.ToJson(), HasSubstr("\"run.server\": \"lived to the end of the run\""));
  EXPECT_FALSE(Shows("run.server.fact.0")) << "its process is no more";
}

TEST_F(RunLayoutTest, TwoRowsOfPlotsAreInSightInASmallWindow) {
  auto view = MakeView(80);
  for (const char* id : {"cpu", "packets", "memory"}) {
    view->charts.push_back(view->charts[0]);
    view->charts.back().id = id;
  }
  now_.view = view;
  SetSize(1280, 720 - 29);  // without the menu
  Frames(4);
  const ProbeRect* upper = probe_.FindItem("run.plot.latency");
  const ProbeRect* lower = probe_.FindItem("run.plot.cpu");
  ASSERT_NE(upper, nullptr);
  ASSERT_NE(lower, nullptr);
  EXPECT_GT(lower->y, upper->y);
  EXPECT_EQ(lower->height, upper->height) << "all of it";
  const ProbeRect* tab = probe_.FindItem("run.tab.control");
  ASSERT_NE(tab, nullptr);
  EXPECT_GE(tab->y, lower->y + lower->height);
}

TEST_F(RunLayoutTest, AWindowThatIsTooLowScrolls) {
  SetSize(640, 340);
  Frames(4);
  EXPECT_FALSE(Shows("run.tab.control"));
  ImGui::GetIO().MousePos = {100, 20};
  for (int i = 0; i < 20; ++i) {
    ImGui::GetIO().MouseWheel = -1;
    Frame();
  }
  ImGui::GetIO().MouseWheel = 0;
  Frame();
  EXPECT_TRUE(Shows("run.plot.latency"));
  EXPECT_TRUE(Shows("run.tab.control"));
}

}  // namespace
}  // namespace stressbot
