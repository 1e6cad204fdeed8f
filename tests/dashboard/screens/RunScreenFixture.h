#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <imgui.h>

#include <memory>
#include <string>

#include "StressBot/dashboard/screens/RunScreen.h"
#include "StressBot/dashboard/screens/run/RunContext.h"

namespace stressbot {

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
    now_.status->planned = std::chrono::seconds(60);
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

}  // namespace stressbot
