#include "StressBot/json/TextFile.h"

#include <fstream>
#include <system_error>
#include <vector>

#include "StressBot/json/Diagnostics.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {

std::optional<std::string> ReadTextFile(const std::filesystem::path& file, std::string& message) {
  std::error_code failure;
  const std::filesystem::file_status status = std::filesystem::status(file, failure);
  if (status.type() == std::filesystem::file_type::not_found) {
    message = "no such file" + SuggestFile(file);
    return std::nullopt;
  }
  if (std::filesystem::is_directory(status)) {
    message = "this is a directory; name a file in it";
    return std::nullopt;
  }
  std::ifstream stream(file, std::ios::binary);
  std::string text;
  // One byte more than allowed tells that there is more, also for pipes, which have no size.
  std::vector<char> block(64 * 1024);
  while (stream && text.size() <= kTextFileBytesMax) {
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    text.append(block.data(), static_cast<std::size_t>(stream.gcount()));
  }
  if (!stream.eof() && text.size() <= kTextFileBytesMax) {
    message = "cannot be read" + (failure ? ": " + ReasonOf(failure) : "; check its permissions");
    return std::nullopt;
  }
  if (text.size() > kTextFileBytesMax) {
    message = "larger than " + std::to_string(kTextFileBytesMax / (1024 * 1024)) +
              " MiB; is it the right file?";
    return std::nullopt;
  }
  return text;
}

}  // namespace stressbot
