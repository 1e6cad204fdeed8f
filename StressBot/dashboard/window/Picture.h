#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace stressbot {

/// Red, green and blue, a byte each, rows from top to bottom.
struct Picture {
  int width = 0, height = 0;
  std::vector<std::uint8_t> rgb;
};

/// What was drawn last in the current OpenGL context.
Picture ReadPicture(int width, int height);

/// As PNG. False, and why in a sentence, when it could not be written.
bool SavePicture(const Picture& picture, const std::filesystem::path& file, std::string& error);

}  // namespace stressbot
