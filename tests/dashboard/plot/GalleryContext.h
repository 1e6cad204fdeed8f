#pragma once
#include <filesystem>
#include <memory>

#include "StressBot/dashboard/window/OffscreenContext.h"

/// Draws one ImGui frame after another into memory.
namespace stressbot::plot {

class GalleryContext {
 public:
  /// Ends the program with a message if there is no OpenGL.
  GalleryContext(int width, int height);
  ~GalleryContext();
  GalleryContext(const GalleryContext&) = delete;
  GalleryContext& operator=(const GalleryContext&) = delete;

  /// Around what a frame draws.
  void Begin();
  void End();
  void Save(const std::filesystem::path& file) const;  ///< the last frame, as PNG

 private:
  int width_, height_;
  std::unique_ptr<OffscreenContext> context_;
};

}  // namespace stressbot::plot
