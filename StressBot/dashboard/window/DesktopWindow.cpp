
#include <fmt/format.h>
#include <imgui.h>
#include <imgui_impl_glfw.h>

#include <atomic>
#include <deque>
#include <utility>

#include "StressBot/dashboard/window/GlHeader.h"
#include "StressBot/dashboard/window/Keys.h"
#include "StressBot/dashboard/window/Window.h"
#include "StressBot/system/Desktop.h"

namespace stressbot {

namespace {

static_assert(key::kSpace == GLFW_KEY_SPACE && key::kEscape == GLFW_KEY_ESCAPE);
static_assert(key::kEnd == GLFW_KEY_END && key::kF12 == GLFW_KEY_F12 && key::F(12) == key::kF12);
static_assert(key::kKeypadEnter == GLFW_KEY_KP_ENTER && key::kLast == GLFW_KEY_LAST);
static_assert('A' == GLFW_KEY_A && '0' == GLFW_KEY_0);

constexpr int kWidth = 1280, kHeight = 800, kWidthMin = 960, kHeightMin = 600;

std::string GlfwError() {
  const char* description = nullptr;
  const int code = glfwGetError(&description);
  return code == GLFW_NO_ERROR || description == nullptr ? "no reason was told" : description;
}

std::string ExplainNoDisplay() {
  const std::string reason = GlfwError();
  const std::string advice = DisplayAdvice();
  return fmt::format(
      "No window could be opened: {}.\n"
      "{}Without one, `stressbot run SCENARIO` runs the same test in the terminal, and\n"
      "stressbot-dashboard --offscreen 1280x720 --picture FILE.png draws a picture.",
      reason, advice.empty() ? "" : advice + " ");
}

std::string ExplainNoOpenGl() {
  return fmt::format(
      "No window with OpenGL 3 could be opened: {}.\n"
      "{}\n"
      "`stressbot run SCENARIO` runs the same test in the terminal.",
      GlfwError(), GraphicsAdvice());
}

/// With GLFW. It is initialized as long as a window lives.
class DesktopWindow final : public Window {
 public:
  explicit DesktopWindow(GLFWwindow* window) : window_(window) {
    glfwMakeContextCurrent(window_);
    glfwSwapInterval(1);
    glfwSetWindowUserPointer(window_, this);
    ListenToInput();
    ImGui_ImplGlfw_InitForOpenGL(window_, true);  // calls our callbacks before its own
    // But these two instead of its own.
    glfwSetKeyCallback(window_, KeepKey);
    glfwSetCharCallback(window_, KeepLetter);
  }
  ~DesktopWindow() override {
    ImGui_ImplGlfw_Shutdown();
    glfwDestroyWindow(window_);
    // Not glfwTerminate: the process ends, and leaks of an unloaded driver could not be told from
    // ours.
  }

  void BeginFrame() override {
    TellKeys();
    ImGui_ImplGlfw_NewFrame();
  }
  void EndFrame() override { glfwSwapBuffers(window_); }

  Stirred Wait(double seconds) override {
    if (seconds > 0 && !has_input_ && !has_data_) {
      glfwWaitEventsTimeout(seconds);
    } else {
      glfwPollEvents();
    }
    const bool has_data = has_data_.exchange(false);
    if (std::exchange(has_input_, false)) return Stirred::kByInput;
    return has_data ? Stirred::kByData : Stirred::kNot;
  }

  void Wake() override {
    has_data_ = true;
    glfwPostEmptyEvent();
  }

  bool TakeCloseRequest() override {
    const bool is_asked = glfwWindowShouldClose(window_) == GLFW_TRUE;
    if (is_asked) glfwSetWindowShouldClose(window_, GLFW_FALSE);
    return is_asked;
  }

  float content_scale() const override {
    float x = 1, y = 1;
    glfwGetWindowContentScale(window_, &x, &y);
    return x > 0 ? x : 1;
  }

 private:
  struct KeyEvent {
    int key = 0, scancode = 0, action = 0, modifiers = 0;
    unsigned letter = 0;  ///< what a key typed; then the others say nothing
  };

  static DesktopWindow& Of(GLFWwindow* window) {
    return *static_cast<DesktopWindow*>(glfwGetWindowUserPointer(window));
  }
  static void Stir(GLFWwindow* window) { Of(window).has_input_ = true; }
  static void KeepKey(GLFWwindow* window, int key, int scancode, int action, int modifiers) {
    Of(window).keys_.push_back({key, scancode, action, modifiers});
    Stir(window);
  }
  static void KeepLetter(GLFWwindow* window, unsigned letter) {
    Of(window).keys_.push_back({.letter = letter});
    Stir(window);
  }

  /// ImGui 1.86 sees keys as they are when a frame begins: one that was pressed and released since
  /// the frame before would be lost. So a release waits for the frame after its press, and what was
  /// typed after it waits too.
  void TellKeys() {
    bool is_any_pressed = false;
    while (!keys_.empty()) {
      const KeyEvent event = keys_.front();
      if (event.action == GLFW_RELEASE && is_any_pressed) break;
      is_any_pressed = is_any_pressed || event.action == GLFW_PRESS;
      keys_.pop_front();
      if (event.letter != 0) {
        ImGui_ImplGlfw_CharCallback(window_, event.letter);
      } else {
        ImGui_ImplGlfw_KeyCallback(window_, event.key, event.scancode, event.action,
                                   event.modifiers);
      }
    }
    if (!keys_.empty()) has_input_ = true;
  }

  /// All that may change the picture. What the system sends besides draws no frame.
  void ListenToInput() {
    glfwSetCursorPosCallback(window_, [](GLFWwindow* w, double, double) { Stir(w); });
    glfwSetCursorEnterCallback(window_, [](GLFWwindow* w, int) { Stir(w); });
    glfwSetMouseButtonCallback(window_, [](GLFWwindow* w, int, int, int) { Stir(w); });
    glfwSetScrollCallback(window_, [](GLFWwindow* w, double, double) { Stir(w); });
    glfwSetWindowFocusCallback(window_, [](GLFWwindow* w, int) { Stir(w); });
    glfwSetWindowRefreshCallback(window_, Stir);
    glfwSetWindowCloseCallback(window_, Stir);
    glfwSetFramebufferSizeCallback(window_, [](GLFWwindow* w, int, int) { Stir(w); });
    glfwSetWindowContentScaleCallback(window_, [](GLFWwindow* w, float, float) { Stir(w); });
  }

  GLFWwindow* window_;
  std::deque<KeyEvent> keys_;
  bool has_input_ = false;
  std::atomic<bool> has_data_{false};
};

}  // namespace

std::unique_ptr<Window> OpenDesktopWindow(std::string& error) {
  if (glfwInit() != GLFW_TRUE) {
    error = ExplainNoDisplay();
    return nullptr;
  }
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 0);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  GLFWwindow* handle = glfwCreateWindow(kWidth, kHeight, "StressBot", nullptr, nullptr);
  if (handle == nullptr) {
    error = ExplainNoOpenGl();
    glfwTerminate();
    return nullptr;
  }
  auto window = std::make_unique<DesktopWindow>(handle);
  const auto scaled = [&](int at_1x) {
    return static_cast<int>(static_cast<float>(at_1x) * window->content_scale());
  };
  glfwSetWindowSizeLimits(handle, scaled(kWidthMin), scaled(kHeightMin), GLFW_DONT_CARE,
                          GLFW_DONT_CARE);
  if (!HasOpenGl3(error)) return nullptr;
  return window;
}

}  // namespace stressbot
