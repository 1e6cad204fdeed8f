#pragma once
#include <memory>
#include <string>

#include "StressBot/dashboard/DashboardOptions.h"

namespace stressbot {

/// An OpenGL context of that size, current as long as it lives, without a window to see. How
/// differs by system: EglContext.cpp needs no display server, HiddenWindow.cpp hides a window.
class OffscreenContext {
 public:
  virtual ~OffscreenContext() = default;
  virtual void Finish() = 0;  ///< the picture is drawn when it returns
};

/// nullptr, and in `error` what is missing.
std::unique_ptr<OffscreenContext> MakeOffscreenContext(PictureSize size, std::string& error);

}  // namespace stressbot
