#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dashboard/screens/RunScreenFixture.h"

namespace stressbot {
namespace {

using testing::HasSubstr;

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
