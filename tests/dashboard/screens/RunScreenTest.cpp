#include "StressBot/dashboard/screens/RunScreen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <imgui.h>

#include "StressBot/dashboard/plot/Area.h"
#include "StressBot/dashboard/screens/run/RunContext.h"
#include "StressBot/dashboard/ui/Look.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// The screen in an ImGui without a display: what is where, the probe knows.
class RunScreenTest : public testing::Test {
 protected:
  RunScreenTest() {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {1280, 720};
    io.DeltaTime = 0.05F;
    io.KeyMap[ImGuiKey_Enter] = key::kEnter;
    io.SetClipboardTextFn = [](void*, const char* text) { clipboard_ = text; };
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
    ImFont* font = io.Fonts->Fonts[0];
    ui_.fonts.text = ui_.fonts.small = ui_.fonts.title = ui_.fonts.huge = font;
    ui_.theme = &DarkTheme();
    now_.state = RunHost::State::kRunning;
    now_.status.emplace();
    now_.status->state = RunState::kRunning;
    now_.status->planned = 60s;
    now_.status->groups.push_back({.name = "players", .bots_max = 100, .target = 50});
    now_.view = MakeView(80);
  }
  ~RunScreenTest() override { ImGui::DestroyContext(); }

  static std::shared_ptr<RunView> MakeView(std::size_t seconds) {
    auto view = std::make_shared<RunView>();
    view->result.scenario = "town";
    view->has_metrics = true;
    view->headline.seconds = static_cast<double>(seconds);
    plot::Chart chart;
    chart.id = "errors";
    chart.lines.resize(1);
    for (std::size_t i = 0; i < seconds; ++i) {
      view->points.from_s.push_back(static_cast<double>(i));
      view->points.to_s.push_back(static_cast<double>(i) + 1);
      chart.lines[0].values.push_back(1);
    }
    view->charts.push_back(chart);
    view->marks.push_back({3, "killed 40 bots", plot::Mark::Kind::kEvent});
    FirstFailure failure{"checks", std::chrono::seconds(2), "bot 7 at 2.0 s", {}};
    failure.conversation.resize(2);
    failure.conversation[0].content = "{name: \"bot-7\"}";
    view->result.first_failures.push_back(failure);
    return view;
  }

  void Frame() {
    probe_.BeginFrame(1280, 720);
    ImGui::NewFrame();
    screen_.Draw(now_);
    ImGui::Render();
    std::string error;
    ASSERT_TRUE(probe_.EndFrame(error)) << error;
  }
  void Frames(int count) {
    for (int i = 0; i < count; ++i) Frame();
  }
  void Click(const std::string& item) {
    const ProbeRect* rect = probe_.FindItem(item);
    ASSERT_NE(rect, nullptr) << item << " is not shown";
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = {rect->x + rect->width / 2, rect->y + rect->height / 2};
    Frame();
    io.MouseDown[0] = true;
    Frame();
    io.MouseDown[0] = false;
    Frames(3);
  }
  void Press(int key) {
    ImGui::GetIO().KeysDown[key] = true;
    Frame();
    ImGui::GetIO().KeysDown[key] = false;
    Frame();
  }
  bool Shows(const std::string& item) const { return probe_.FindItem(item) != nullptr; }

  inline static std::string clipboard_;
  Probe probe_{{}, true};
  Ui ui_{probe_};
  RunHost host_{[] {}};
  RunScreen screen_{ui_, host_};
  run::RunNow now_;
};

TEST_F(RunScreenTest, AnEventThatIsClickedIsBroughtOntoThePlots) {
  Frames(3);
  EXPECT_THAT(probe_.ToJson(), HasSubstr("\"view.to\": 80"));
  Click("run.tab.events");
  Click("run.event.0");
  EXPECT_THAT(probe_.ToJson(), HasSubstr("\"view.from\": 0.0")) << "it was at 3 s";
}

TEST_F(RunScreenTest, AFirstFailureOpensItsConversation) {
  Frames(3);
  EXPECT_FALSE(Shows("run.conversation"));
  Click("run.failure.0");
  ASSERT_TRUE(Shows("run.conversation"));
  Click("run.conversation.copy");
  EXPECT_THAT(clipboard_, HasSubstr("bot-7"));
  EXPECT_THAT(clipboard_, HasSubstr("bot 7 at 2.0 s"));
}

TEST_F(RunScreenTest, APlotThatComesLaterMovesNoOther) {
  const auto place_of = [this](const char* id) {
    const ProbeRect* rect = probe_.FindItem(std::string("run.plot.") + id);
    return rect == nullptr ? ProbeRect{} : *rect;
  };
  Frames(3);
  const ProbeRect errors = place_of("errors");
  ASSERT_GT(errors.height, 0);
  auto view = MakeView(80);
  plot::Chart early = view->charts[0];
  early.id = "cpu";
  view->charts.insert(view->charts.begin(), early);
  plot::Chart latency = early;
  latency.id = "latency";
  view->latencies.push_back({"chat", "chat", latency});
  now_.view = view;
  Frames(3);
  EXPECT_EQ(place_of("errors"), errors);
  EXPECT_GT(place_of("cpu").y, errors.y) << "behind those that were there";
  screen_.Reset();
  Frames(3);
  EXPECT_LT(place_of("cpu").y, place_of("errors").y) << "another run begins anew";
}

TEST_F(RunScreenTest, TheStepThatIsPlottedChangesOnlyWhenItIsChosen) {
  const auto show = [this](std::initializer_list<const char*> steps, double seconds) {
    auto view = MakeView(80);
    view->headline.seconds = seconds;
    for (const char* step : steps) {
      plot::Chart latency = view->charts[0];
      latency.id = "latency";
      view->latencies.push_back({step, step, latency});
    }
    now_.view = view;
    Frames(3);
  };
  const auto plots = [](const std::string& step) {
    return HasSubstr("\"run.plot.step\": \"" + step + "\"");
  };
  show({"login"}, 2);
  show({"move", "login"}, 6);
  EXPECT_THAT(probe_.ToJson(), plots("move")) << "the run has only begun";
  show({"chat", "move", "login"}, 7);
  EXPECT_THAT(probe_.ToJson(), plots("move")) << "nobody asked for another one";
  Click("run.plot.step");
  Click("run.plot.step.login");
  show({"move", "chat", "login"}, 8);
  EXPECT_THAT(probe_.ToJson(), plots("login"));
  screen_.Reset();
  Frames(3);
  EXPECT_THAT(probe_.ToJson(), plots("move"));
}

// The host has no run, so it refuses whatever it is told: that is how one sees that it was.
TEST_F(RunScreenTest, KeysSteerAsAtTheTerminal) {
  Frames(3);
  for (const char key : {'P', 'M', 'Q'}) {
    ui_.notice.clear();
    Press(key);
    EXPECT_EQ(ui_.notice, "nothing runs") << key;
  }
  ui_.notice.clear();
  ImGui::GetIO().AddInputCharacter('+');
  Frame();
  EXPECT_EQ(ui_.notice, "nothing runs");
}

TEST_F(RunScreenTest, KeysThatAreTypedIntoAFieldSteerNothing) {
  Frames(3);
  Click("run.mark.name");
  ui_.notice.clear();
  ImGui::GetIO().AddInputCharacter('+');
  Press('Q');
  EXPECT_EQ(ui_.notice, "");
}

TEST_F(RunScreenTest, ASliderIsObeyedWhenItIsLetGo) {
  Frames(3);
  const ProbeRect* slider = probe_.FindItem("run.group.players");
  ASSERT_NE(slider, nullptr);
  ImGuiIO& io = ImGui::GetIO();
  io.MousePos = {slider->x + slider->width * 0.9F, slider->y + slider->height / 2};
  Frame();
  io.MouseDown[0] = true;
  Frames(2);
  EXPECT_EQ(ui_.notice, "") << "it is still held";
  io.MouseDown[0] = false;
  Frames(2);
  EXPECT_EQ(ui_.notice, "nothing runs");
}

TEST_F(RunScreenTest, WhatIsOverIsSavedAndSteeredNoMore) {
  auto view = MakeView(80);
  view->is_over = true;
  now_.view = view;
  now_.state = RunHost::State::kOver;
  Frames(3);
  EXPECT_FALSE(Shows("run.pause"));
  EXPECT_FALSE(Shows("run.tab.control"));
  Click("after.save");
  Frames(2);
  ASSERT_TRUE(Shows("after.save.do"));
  Click("after.save.do");
  EXPECT_THAT(probe_.ToJson(), HasSubstr("\"after.saved\": false")) << "the host has no result";
}

// One that was opened from a file was not started here.
TEST_F(RunScreenTest, ACommandLineIsCopiedIfThereIsOne) {
  auto view = MakeView(80);
  view->is_over = true;
  now_.view = view;
  now_.state = RunHost::State::kOver;
  std::string command;
  screen_.set_command_line([&command] { return command; });
  Frames(3);
  EXPECT_FALSE(Shows("after.copy"));
  command = "stressbot run town.json";
  Frame();
  Click("after.copy");
  EXPECT_EQ(clipboard_, command);
}

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
          EXPECT_LT(box.right, width - 8) << name << " at " << width;
          for (std::size_t i = 0; i < boxes.size(); ++i)
            EXPECT_FALSE(box.Touches(boxes[i])) << name << " and " << names[i] << " at " << width;
          boxes.push_back(box);
        }
      }
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

TEST_F(RunScreenTest, BeforeTheFirstSecondItSaysWhatItWaitsFor) {
  now_.view = nullptr;
  now_.state = RunHost::State::kPreparing;
  now_.status.reset();
  Frames(3);
  EXPECT_THAT(probe_.ToJson(), HasSubstr("\"run.state\": \"preparing\""));
  EXPECT_TRUE(Shows("run.abort")) << "it can be given up";
}

TEST_F(RunScreenTest, ARefusalIsToldWithItsPlace) {
  now_ = run::RunNow{};
  now_.state = RunHost::State::kRefused;
  now_.complaints = {"town.json:12: /flows/player: unknown step"};
  Frames(3);
  EXPECT_THAT(probe_.ToJson(), HasSubstr("town.json:12"));
  Click("after.new");
  EXPECT_TRUE(screen_.TakeNewRunWish());
  EXPECT_FALSE(screen_.TakeNewRunWish()) << "told once";
}

}  // namespace
}  // namespace stressbot
