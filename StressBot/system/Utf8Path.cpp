#include "StressBot/system/Utf8Path.h"

namespace stressbot {

std::filesystem::path PathOf(std::string_view utf8) {
  return std::filesystem::path(std::u8string(utf8.begin(), utf8.end()));
}

std::string Utf8Of(const std::filesystem::path& path) {
  const std::u8string text = path.generic_u8string();
  return {text.begin(), text.end()};
}

std::string ReasonOf(std::error_code failure) {
  return failure.default_error_condition().message();
}

}  // namespace stressbot
