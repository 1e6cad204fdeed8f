#include <imgui.h>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>

#include "StressBot/dashboard/plot/Plots.h"
#include "StressBot/dashboard/ui/Theme.h"
#include "tests/dashboard/plot/GalleryCharts.h"
#include "tests/dashboard/plot/GalleryContext.h"

// plot_gallery DIRECTORY FONT: pictures of made-up charts, dark and light, at one and two times the
// size, to look at.

namespace stressbot::plot {
namespace {

struct Look {
  std::string name;
  const PlotStyle* style;
  int scale;
};

struct States {
  ChartState latency, traffic, bots, memory, empty, heat;
};

void DrawAll(const GalleryRun& run, const PlotFrame& frame, States& states, float scale) {
  const ImGuiIO& io = ImGui::GetIO();
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(io.DisplaySize);
  const Theme& theme = &frame.style == &DarkPlots() ? DarkTheme() : LightTheme();
  ImGui::PushStyleColor(ImGuiCol_WindowBg, theme.page.packed());
  ImGui::Begin("all", nullptr, ImGuiWindowFlags_NoDecoration);
  ImGui::PopStyleColor();
  const float gap = 8 * scale;
  const float width = (io.DisplaySize.x - 3 * gap) / 2;
  const float height = (io.DisplaySize.y - 4 * gap) / 3;
  const ImVec2 size{width, height};
  const auto place = [&](int column, int row) {
    ImGui::SetCursorPos({gap + static_cast<float>(column) * (width + gap),
                         gap + static_cast<float>(row) * (height + gap)});
  };
  place(0, 0);
  Draw(run.latency, frame, states.latency, size);
  place(1, 0);
  Draw(run.traffic, frame, states.traffic, size);
  place(0, 1);
  Draw(run.bots, frame, states.bots, size);
  place(1, 1);
  Draw(run.memory, frame, states.memory, size);
  place(0, 2);
  DrawHeat(run.heat, frame, states.heat, size);
  place(1, 2);
  Draw(run.empty, frame, states.empty, size);
  ImGui::End();
}

void MakePictures(const std::filesystem::path& directory, const char* font, const Look& look) {
  const auto scale = static_cast<float>(look.scale);
  GalleryContext context(1280 * look.scale, 720 * look.scale);
  static const ImWchar kLetters[] = {0x20, 0xff, 0x2010, 0x2265, 0xac00, 0xd7a3, 0};
  ImGui::GetIO().Fonts->AddFontFromFileTTF(font, 15 * scale, nullptr, kLetters);
  if (look.style == &LightPlots()) ImGui::StyleColorsLight();
  ImGui::GetStyle().ScaleAllSizes(scale);
  const PlotTexts texts;

  const auto picture = [&](const std::string& name, std::size_t seconds,
                           const std::function<void(TimeView&, States&)>& prepare,
                           const std::function<ImVec2(const States&)>& mouse) {
    const GalleryRun run = MakeGalleryRun(seconds);
    TimeView view;
    States states;
    view.SetData(static_cast<double>(seconds), true);
    prepare(view, states);
    const PlotFrame frame{run.points, run.marks, run.bands, view, texts, *look.style};
    for (int i = 0; i < 4; ++i) {
      ImGui::GetIO().MousePos = mouse(states);
      context.Begin();
      DrawAll(run, frame, states, scale);
      context.End();
      view.EndFrame();
    }
    context.Save(directory / (name + "_" + look.name + ".png"));
  };
  const auto in_plot = [](const Box& plot, float x, float y) {
    return ImVec2{plot.left + x * plot.width(), plot.top + y * plot.height()};
  };
  const auto nowhere = [](const States&) { return ImVec2{-9, -9}; };
  picture(
      "whole", 4'500, [](TimeView& view, States&) { view.Follow(TimeView::kWholeRun); }, nowhere);
  picture(
      "minute", 300, [](TimeView& view, States&) { view.Show(182); },
      [&](const States& states) { return in_plot(states.latency.plot, 0.85F, 0.4F); });
  picture(
      "spike", 4'500,
      [](TimeView& view, States& states) {
        view.Follow(TimeView::kWholeRun);
        states.latency.hidden = {"p50", "p99.9"};
        states.memory.hidden = {"a server with quite a long name and its process id 12345",
                                "스트레스봇"};
      },
      [&](const States& states) { return in_plot(states.heat.plot, 0.3F, 0.7F); });
  picture(
      "flags", 300, [](TimeView& view, States&) { view.Follow(TimeView::kWholeRun); },
      [&](const States& states) { return in_plot(states.traffic.plot, 0.6F, 1.01F); });
}

}  // namespace
}  // namespace stressbot::plot

int main(int count, char** arguments) {
  using stressbot::plot::Look;
  if (count != 3) {
    std::fprintf(stderr, "plot_gallery DIRECTORY FONT\n");
    return 2;
  }
  std::filesystem::create_directories(arguments[1]);
  for (const Look& look : {Look{"dark_1x", &stressbot::plot::DarkPlots(), 1},
                           Look{"light_1x", &stressbot::plot::LightPlots(), 1},
                           Look{"dark_2x", &stressbot::plot::DarkPlots(), 2},
                           Look{"light_2x", &stressbot::plot::LightPlots(), 2}})
    stressbot::plot::MakePictures(arguments[1], arguments[2], look);
}
