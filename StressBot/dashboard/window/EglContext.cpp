#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <fmt/format.h>

#include "StressBot/dashboard/window/OffscreenContext.h"

namespace stressbot {

namespace {

constexpr EGLint kConfigWanted[] = {EGL_SURFACE_TYPE,
                                    EGL_PBUFFER_BIT,
                                    EGL_RENDERABLE_TYPE,
                                    EGL_OPENGL_BIT,
                                    EGL_RED_SIZE,
                                    8,
                                    EGL_GREEN_SIZE,
                                    8,
                                    EGL_BLUE_SIZE,
                                    8,
                                    EGL_NONE};
constexpr EGLint kContextWanted[] = {EGL_CONTEXT_MAJOR_VERSION, 3, EGL_CONTEXT_MINOR_VERSION, 0,
                                     EGL_NONE};

/// Mesa's display that belongs to no display server; where there is none, what EGL has by itself.
EGLDisplay OpenDisplay() {
  const EGLDisplay surfaceless =
      eglGetPlatformDisplay(EGL_PLATFORM_SURFACELESS_MESA, nullptr, nullptr);
  if (surfaceless != EGL_NO_DISPLAY && eglInitialize(surfaceless, nullptr, nullptr)) {
    return surfaceless;
  }
  const EGLDisplay any = eglGetDisplay(EGL_DEFAULT_DISPLAY);
  if (any != EGL_NO_DISPLAY && eglInitialize(any, nullptr, nullptr)) return any;
  return EGL_NO_DISPLAY;
}

/// Draws into memory (a pbuffer).
class EglContext final : public OffscreenContext {
 public:
  ~EglContext() override {
    if (display_ == EGL_NO_DISPLAY) return;
    eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    if (context_ != EGL_NO_CONTEXT) eglDestroyContext(display_, context_);
    if (surface_ != EGL_NO_SURFACE) eglDestroySurface(display_, surface_);
    // Not eglTerminate: the process ends, and leaks of an unloaded driver could not be told from
    // ours.
  }

  void Finish() override { eglWaitClient(); }

  /// The name of the call that failed; nullptr: all is well.
  const char* Open(PictureSize size) {
    display_ = OpenDisplay();
    if (display_ == EGL_NO_DISPLAY) return "eglInitialize";
    if (!eglBindAPI(EGL_OPENGL_API)) return "eglBindAPI";
    EGLConfig config = nullptr;
    EGLint count = 0;
    if (!eglChooseConfig(display_, kConfigWanted, &config, 1, &count) || count == 0) {
      return "eglChooseConfig";
    }
    const EGLint surface_wanted[] = {EGL_WIDTH, size.width, EGL_HEIGHT, size.height, EGL_NONE};
    surface_ = eglCreatePbufferSurface(display_, config, surface_wanted);
    if (surface_ == EGL_NO_SURFACE) return "eglCreatePbufferSurface";
    context_ = eglCreateContext(display_, config, EGL_NO_CONTEXT, kContextWanted);
    if (context_ == EGL_NO_CONTEXT) return "eglCreateContext";
    return eglMakeCurrent(display_, surface_, surface_, context_) ? nullptr : "eglMakeCurrent";
  }

 private:
  EGLDisplay display_ = EGL_NO_DISPLAY;
  EGLSurface surface_ = EGL_NO_SURFACE;
  EGLContext context_ = EGL_NO_CONTEXT;
};

}  // namespace

std::unique_ptr<OffscreenContext> MakeOffscreenContext(PictureSize size, std::string& error) {
  auto context = std::make_unique<EglContext>();
  const char* failed = context->Open(size);
  if (failed == nullptr) return context;
  error = fmt::format(
      "OpenGL 3 without a display is not to be had: {} failed (0x{:x}). Install the packages "
      "libegl1 and libgl1-mesa-dri.",
      failed, eglGetError());
  return nullptr;
}

}  // namespace stressbot
