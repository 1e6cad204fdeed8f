#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

#include "StressBot/cli/LineReader.h"
#include "StressBot/dashboard/ui/Probe.h"
#include "StressBot/dashboard/window/InputCommand.h"
#include "StressBot/dashboard/window/OffscreenContext.h"
#include "StressBot/dashboard/window/Window.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

namespace {

using Clock = std::chrono::steady_clock;
using Kind = InputCommand::Kind;

/// Shared with the thread that reads standard input, which may outlive the window.
class Alarm {
 public:
  void Ring() {
    {
      const std::lock_guard lock(mutex_);
      rings_ = true;
    }
    changed_.notify_one();
  }
  bool Wait(double seconds) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::duration<double>(seconds), [this] { return rings_; });
    return std::exchange(rings_, false);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool rings_ = false;
};

/// What ImGui is told in one frame: it needs to see a button down and up in different ones.
struct Step {
  std::optional<ImVec2> pointer{};
  std::optional<bool> button{};
  float wheel = 0;
  std::optional<KeyChord> key{};
  bool key_down = false;
  std::string text{};
  std::optional<std::filesystem::path> picture{};
};

class OffscreenWindow final : public Window {
 public:
  OffscreenWindow(PictureSize size, std::unique_ptr<OffscreenContext> context, const Probe& probe,
                  bool obeys_commands)
      : context_(std::move(context)), probe_(probe) {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {static_cast<float>(size.width), static_cast<float>(size.height)};
    io.IniFilename = nullptr;
    TellImGuiItsKeys(io);
    if (obeys_commands) lines_.emplace([alarm = alarm_] { alarm->Ring(); });
  }

  void BeginFrame() override {
    ImGuiIO& io = ImGui::GetIO();
    const Clock::time_point now = Clock::now();
    io.DeltaTime = std::max(1e-4F, std::chrono::duration<float>(now - begun_at_).count());
    begun_at_ = now;
    if (steps_.empty()) return;
    Apply(steps_.front(), io);
    steps_.pop_front();
  }
  void EndFrame() override { context_->Finish(); }

  Stirred Wait(double seconds) override {
    if (HasSteps()) return Stirred::kByInput;
    const bool is_stirred = alarm_->Wait(seconds);
    if (HasSteps()) return Stirred::kByInput;
    return is_stirred ? Stirred::kByData : Stirred::kNot;
  }
  void Wake() override { alarm_->Ring(); }

  bool TakeCloseRequest() override {
    const bool is_at_end = lines_ && lines_->AtEnd() && steps_.empty();
    const bool has_just_ended = is_at_end && !std::exchange(is_end_told_, true);
    return std::exchange(is_asked_to_close_, false) || has_just_ended;
  }
  std::optional<std::filesystem::path> TakePictureRequest() override {
    return std::exchange(picture_, std::nullopt);
  }
  std::string failure() const override { return failure_; }
  float content_scale() const override { return 1; }

 private:
  static void TellImGuiItsKeys(ImGuiIO& io) {
    constexpr std::pair<ImGuiKey, int> kKeys[] = {{ImGuiKey_Tab, key::kTab},
                                                  {ImGuiKey_LeftArrow, key::kLeft},
                                                  {ImGuiKey_RightArrow, key::kRight},
                                                  {ImGuiKey_UpArrow, key::kUp},
                                                  {ImGuiKey_DownArrow, key::kDown},
                                                  {ImGuiKey_PageUp, key::kPageUp},
                                                  {ImGuiKey_PageDown, key::kPageDown},
                                                  {ImGuiKey_Home, key::kHome},
                                                  {ImGuiKey_End, key::kEnd},
                                                  {ImGuiKey_Insert, key::kInsert},
                                                  {ImGuiKey_Delete, key::kDelete},
                                                  {ImGuiKey_Backspace, key::kBackspace},
                                                  {ImGuiKey_Space, key::kSpace},
                                                  {ImGuiKey_Enter, key::kEnter},
                                                  {ImGuiKey_Escape, key::kEscape},
                                                  {ImGuiKey_KeyPadEnter, key::kKeypadEnter},
                                                  {ImGuiKey_A, 'A'},
                                                  {ImGuiKey_C, 'C'},
                                                  {ImGuiKey_V, 'V'},
                                                  {ImGuiKey_X, 'X'},
                                                  {ImGuiKey_Y, 'Y'},
                                                  {ImGuiKey_Z, 'Z'}};
    for (const auto& [imgui_key, ours] : kKeys) io.KeyMap[imgui_key] = ours;
  }

  void Apply(Step& step, ImGuiIO& io) {
    if (step.pointer) io.MousePos = *step.pointer;
    if (step.button) io.MouseDown[0] = *step.button;
    io.MouseWheel += step.wheel;
    if (step.key) {
      io.KeysDown[step.key->key] = step.key_down;
      io.KeyCtrl = step.key_down && step.key->ctrl;
      io.KeyShift = step.key_down && step.key->shift;
      io.KeyAlt = step.key_down && step.key->alt;
    }
    io.AddInputCharactersUTF8(step.text.c_str());
    if (step.picture) picture_ = std::move(step.picture);
  }

  /// One command at a time, so that a place is looked up after all before it was shown.
  bool HasSteps() {
    while (steps_.empty() && lines_ && failure_.empty()) {
      const std::optional<std::string> line = lines_->Take();
      if (!line) return lines_->AtEnd();
      if (line->empty()) continue;
      const auto command = ParseInputCommand(*line, failure_);
      if (command) AddSteps(*command);
    }
    return !steps_.empty() || !failure_.empty();
  }

  void AddSteps(const InputCommand& command) {
    switch (command.kind) {
      case Kind::kMove:
        steps_.push_back({.pointer = Find(command.place)});
        break;
      case Kind::kClick:
        AddClick(command.place);
        break;
      case Kind::kDoubleClick:
        AddClick(command.place);
        AddClick(command.place);
        break;
      case Kind::kDrag:
        AddDrag(Find(command.place), Find(command.to));
        break;
      case Kind::kScroll:
        steps_.push_back({.wheel = command.lines});
        break;
      case Kind::kKey:
        steps_.push_back({.key = command.chord, .key_down = true});
        steps_.push_back({.key = command.chord, .key_down = false});
        break;
      case Kind::kText:
        steps_.push_back({.text = command.text});
        break;
      case Kind::kPicture:
        steps_.push_back({.picture = PathOf(command.text)});
        break;
      case Kind::kQuit:
        is_asked_to_close_ = true;
        break;
    }
    // What it brought about is shown before the next is done.
    for (int i = 0; i < 2; ++i) steps_.emplace_back();
  }

  void AddClick(const InputPlace& place) {
    steps_.push_back({.pointer = Find(place)});
    steps_.push_back({.button = true});
    steps_.push_back({.button = false});
  }

  void AddDrag(ImVec2 from, ImVec2 to) {
    const ImVec2 middle{(from.x + to.x) / 2, (from.y + to.y) / 2};
    steps_.push_back({.pointer = from});
    steps_.push_back({.button = true});
    steps_.push_back({.pointer = middle});
    steps_.push_back({.pointer = to});
    steps_.push_back({.button = false});
  }

  ImVec2 Find(const InputPlace& place) {
    if (place.item.empty()) return {place.x, place.y};
    const ProbeRect* rect = probe_.FindItem(place.item);
    if (rect != nullptr) return {rect->x + rect->width / 2, rect->y + rect->height / 2};
    failure_ = fmt::format("\"{}\" is not shown, so it cannot be clicked.", place.item);
    return {-1, -1};
  }

  std::unique_ptr<OffscreenContext> context_;
  const Probe& probe_;
  std::shared_ptr<Alarm> alarm_ = std::make_shared<Alarm>();
  std::optional<LineReader> lines_;
  std::deque<Step> steps_;
  std::optional<std::filesystem::path> picture_;
  std::string failure_;
  bool is_asked_to_close_ = false;
  bool is_end_told_ = false;  ///< of the commands
  Clock::time_point begun_at_ = Clock::now();
};

}  // namespace

std::unique_ptr<Window> OpenOffscreenWindow(PictureSize size, const Probe& probe,
                                            bool obeys_commands, std::string& error) {
  auto context = MakeOffscreenContext(size, error);
  if (context == nullptr || !HasOpenGl3(error)) return nullptr;
  return std::make_unique<OffscreenWindow>(size, std::move(context), probe, obeys_commands);
}

}  // namespace stressbot
