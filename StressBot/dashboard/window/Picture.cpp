#include "StressBot/dashboard/window/Picture.h"

#include <algorithm>
#include <string_view>

#include "StressBot/dashboard/window/GlHeader.h"
#include "StressBot/report/FileWriter.h"

// Compiled here and for this file only: some systems have it as a header alone.
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb_image_write.h>

namespace stressbot {

namespace {

constexpr int kChannels = 3;

void Append(void* text, void* data, int size) {
  static_cast<std::string*>(text)->append(static_cast<const char*>(data),
                                          static_cast<std::size_t>(size));
}

}  // namespace

Picture ReadPicture(int width, int height) {
  const std::size_t row_bytes = static_cast<std::size_t>(width) * kChannels;
  Picture picture{width, height, {}};
  picture.rgb.resize(row_bytes * static_cast<std::size_t>(height));
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE, picture.rgb.data());
  // OpenGL's first row is the lowest.
  for (std::size_t top = 0, bottom = static_cast<std::size_t>(height); top + 1 < bottom--; ++top) {
    std::swap_ranges(picture.rgb.begin() + static_cast<std::ptrdiff_t>(top * row_bytes),
                     picture.rgb.begin() + static_cast<std::ptrdiff_t>((top + 1) * row_bytes),
                     picture.rgb.begin() + static_cast<std::ptrdiff_t>(bottom * row_bytes));
  }
  return picture;
}

bool SavePicture(const Picture& picture, const std::filesystem::path& file, std::string& error) {
  std::string png;
  stbi_write_png_to_func(Append, &png, picture.width, picture.height, kChannels, picture.rgb.data(),
                         picture.width * kChannels);
  return WriteFileAtomically(file, png, error);
}

}  // namespace stressbot
