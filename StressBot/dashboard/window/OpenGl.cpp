#include <fmt/format.h>

#include <string_view>

#include "StressBot/dashboard/window/GlHeader.h"
#include "StressBot/dashboard/window/Window.h"
#include "StressBot/system/Desktop.h"

namespace stressbot {

bool HasOpenGl3(std::string& error) {
  const GLubyte* told = glGetString(GL_VERSION);
  const std::string_view version =
      told == nullptr ? "none" : reinterpret_cast<const char*>(told);  // as OpenGL gives text
  if (version.front() >= '3' && version.front() <= '9') return true;
  error = fmt::format("The graphics driver offers OpenGL {}, but 3.0 is needed. {}", version,
                      GraphicsAdvice());
  return false;
}

}  // namespace stressbot
