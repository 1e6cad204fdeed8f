
#include <fmt/format.h>

#include "StressBot/dashboard/window/GlHeader.h"
#include "StressBot/dashboard/window/OffscreenContext.h"

namespace stressbot {

namespace {

/// A window of the desktop that is never shown.
class HiddenWindow final : public OffscreenContext {
 public:
  explicit HiddenWindow(GLFWwindow* window) : window_(window) { glfwMakeContextCurrent(window_); }
  ~HiddenWindow() override { glfwDestroyWindow(window_); }
  /// What is read comes from the buffer that is drawn to, so nothing is swapped.
  void Finish() override {}

 private:
  GLFWwindow* window_;
};

}  // namespace

std::unique_ptr<OffscreenContext> MakeOffscreenContext(PictureSize size, std::string& error) {
  GLFWwindow* window = nullptr;
  if (glfwInit() == GLFW_TRUE) {
    glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
    glfwWindowHint(GLFW_DECORATED, GLFW_FALSE);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 0);
    window = glfwCreateWindow(size.width, size.height, "StressBot", nullptr, nullptr);
  }
  if (window != nullptr) return std::make_unique<HiddenWindow>(window);
  const char* reason = nullptr;
  glfwGetError(&reason);
  error = fmt::format("OpenGL 3 is not to be had: {}. Install the graphics driver.",
                      reason == nullptr ? "no reason was told" : reason);
  glfwTerminate();
  return nullptr;
}

}  // namespace stressbot
