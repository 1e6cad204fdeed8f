#include "tests/dashboard/plot/GalleryContext.h"

#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GL/gl.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>
#include <stb_image_write.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

namespace stressbot::plot {

namespace {

void Need(bool done, const char* what) {
  if (done) return;
  std::fprintf(stderr, "plot_gallery: %s failed: is there an OpenGL driver for EGL?\n", what);
  std::exit(1);
}

}  // namespace

GalleryContext::GalleryContext(int width, int height) : width_(width), height_(height) {
  EGLDisplay display = eglGetPlatformDisplay(EGL_PLATFORM_SURFACELESS_MESA, nullptr, nullptr);
  Need(eglInitialize(display, nullptr, nullptr), "eglInitialize");
  Need(eglBindAPI(EGL_OPENGL_API), "eglBindAPI");
  const EGLint wanted[] = {EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT,
                           EGL_NONE};
  EGLConfig config = nullptr;
  EGLint count = 0;
  Need(eglChooseConfig(display, wanted, &config, 1, &count) && count == 1, "eglChooseConfig");
  const EGLint size[] = {EGL_WIDTH, width, EGL_HEIGHT, height, EGL_NONE};
  EGLSurface surface = eglCreatePbufferSurface(display, config, size);
  EGLContext context = eglCreateContext(display, config, EGL_NO_CONTEXT, nullptr);
  Need(eglMakeCurrent(display, surface, surface, context), "eglMakeCurrent");
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  ImGui::GetIO().DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
  Need(ImGui_ImplOpenGL3_Init(nullptr), "ImGui_ImplOpenGL3_Init");
}

GalleryContext::~GalleryContext() {
  ImGui_ImplOpenGL3_Shutdown();
  ImGui::DestroyContext();
}

void GalleryContext::Begin() {
  ImGui::GetIO().DeltaTime = 1.0F / 60;
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
}

void GalleryContext::End() {
  ImGui::Render();
  glViewport(0, 0, width_, height_);
  glClearColor(0, 0, 0, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  glFinish();
}

void GalleryContext::Save(const std::filesystem::path& file) const {
  std::vector<unsigned char> pixels(static_cast<std::size_t>(width_ * height_) * 3);
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width_, height_, GL_RGB, GL_UNSIGNED_BYTE, pixels.data());
  stbi_flip_vertically_on_write(1);
  Need(stbi_write_png(file.string().c_str(), width_, height_, 3, pixels.data(), width_ * 3) != 0,
       "writing the picture");
  std::printf("%s\n", file.string().c_str());
}

}  // namespace stressbot::plot
