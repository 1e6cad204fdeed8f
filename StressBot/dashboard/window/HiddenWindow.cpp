#include <fmt/format.h>

#include "StressBot/dashboard/window/GlHeader.h"
#include "StressBot/dashboard/window/OffscreenContext.h"
#include "StressBot/system/Desktop.h"

namespace stressbot {

namespace {

/// By their values in OpenGL's registry.
constexpr GLenum kFramebuffer = 0x8D40, kRenderbuffer = 0x8D41, kColorAttachment = 0x8CE0;

/// A function of OpenGL 3, which the system's header, of OpenGL 1.1, does not have. On 64 bits
/// there is one calling convention. False when the driver does not have it either.
template <typename... Parameters>
bool Call(const char* name, Parameters... parameters) {
  const auto function = reinterpret_cast<void (*)(Parameters...)>(glfwGetProcAddress(name));
  if (function != nullptr) function(parameters...);
  return function != nullptr;
}

/// A window of the desktop that is never shown. What is drawn goes to a buffer of its own, since
/// drivers need not keep the pixels of what nobody sees.
class HiddenWindow final : public OffscreenContext {
 public:
  explicit HiddenWindow(GLFWwindow* window) : window_(window) { glfwMakeContextCurrent(window_); }
  ~HiddenWindow() override { glfwDestroyWindow(window_); }

  bool MakeBuffer(PictureSize size) {
    GLuint framebuffer = 0, renderbuffer = 0;
    return Call("glGenFramebuffers", GLsizei{1}, &framebuffer) &&
           Call("glGenRenderbuffers", GLsizei{1}, &renderbuffer) &&
           Call("glBindFramebuffer", kFramebuffer, framebuffer) &&
           Call("glBindRenderbuffer", kRenderbuffer, renderbuffer) &&
           Call("glRenderbufferStorage", kRenderbuffer, GLenum{GL_RGBA8}, GLsizei{size.width},
                GLsizei{size.height}) &&
           Call("glFramebufferRenderbuffer", kFramebuffer, kColorAttachment, kRenderbuffer,
                renderbuffer);
  }
  void Finish() override { glFinish(); }

 private:
  GLFWwindow* window_;
};

GLFWwindow* MakeWindow() {
  if (glfwInit() != GLFW_TRUE) return nullptr;
  glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 0);
  return glfwCreateWindow(1, 1, "StressBot", nullptr, nullptr);
}

}  // namespace

std::unique_ptr<OffscreenContext> MakeOffscreenContext(PictureSize size, std::string& error) {
  if (GLFWwindow* window = MakeWindow(); window != nullptr) {
    auto context = std::make_unique<HiddenWindow>(window);
    if (context->MakeBuffer(size)) return context;
  }
  const char* reason = nullptr;
  glfwGetError(&reason);
  error = fmt::format("OpenGL 3 is not to be had: {}. {}",
                      reason == nullptr ? "it cannot draw into memory" : reason, GraphicsAdvice());
  return nullptr;
}

}  // namespace stressbot
