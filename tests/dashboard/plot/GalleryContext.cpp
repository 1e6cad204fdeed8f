#include "tests/dashboard/plot/GalleryContext.h"

#include <imgui.h>
#include <imgui_impl_opengl3.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "StressBot/dashboard/window/GlHeader.h"
#include "StressBot/dashboard/window/Picture.h"

namespace stressbot::plot {

namespace {

void Need(bool done, const std::string& error) {
  if (done) return;
  std::fprintf(stderr, "plot_gallery: %s\n", error.c_str());
  std::exit(1);
}

}  // namespace

GalleryContext::GalleryContext(int width, int height) : width_(width), height_(height) {
  std::string error;
  context_ = MakeOffscreenContext({width, height}, error);
  Need(context_ != nullptr, error);
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  ImGui::GetIO().DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
  Need(ImGui_ImplOpenGL3_Init(nullptr), "ImGui cannot use this OpenGL");
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
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  context_->Finish();
}

void GalleryContext::Save(const std::filesystem::path& file) const {
  std::string error;
  Need(SavePicture(ReadPicture(width_, height_), file, error), error);
  std::printf("%s\n", file.string().c_str());
}

}  // namespace stressbot::plot
