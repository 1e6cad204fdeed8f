#include "StressBot/dashboard/ui/FontFile.h"

#include <cstdint>
#include <fstream>
#include <system_error>

namespace stressbot {

namespace {

constexpr std::uintmax_t kFontBytesMax = 64 * 1024 * 1024;
constexpr std::size_t kTableEntryBytes = 16;

/// Reads big-endian numbers; beyond the end they are 0, which fits nowhere.
class FontBytes {
 public:
  explicit FontBytes(std::string_view bytes) : bytes_(bytes) {}

  std::size_t size() const { return bytes_.size(); }
  std::string_view Tag(std::size_t at) const { return at < size() ? bytes_.substr(at, 4) : ""; }
  std::uint32_t U16(std::size_t at) const { return Byte(at) << 8 | Byte(at + 1); }
  std::uint32_t U32(std::size_t at) const { return U16(at) << 16 | U16(at + 2); }

 private:
  std::uint32_t Byte(std::size_t at) const {
    return at < size() ? static_cast<unsigned char>(bytes_[at]) : 0;
  }

  std::string_view bytes_;
};

/// Where the face's list of tables begins; nothing when there is no such face.
std::optional<std::size_t> FindFace(const FontBytes& font, int face) {
  if (font.Tag(0) != "ttcf") return face == 0 ? std::optional<std::size_t>(0) : std::nullopt;
  const auto index = static_cast<std::uint32_t>(face);
  if (face < 0 || index >= font.U32(8)) return std::nullopt;
  return font.U32(12 + 4 * static_cast<std::size_t>(index));
}

}  // namespace

bool IsUsableFont(std::string_view bytes, int face) {
  const FontBytes font(bytes);
  const auto begin = FindFace(font, face);
  if (!begin) return false;
  const std::string_view version = font.Tag(*begin);
  if (version != "OTTO" && version != "true" && font.U32(*begin) != 0x00010000) return false;
  const std::size_t tables = font.U16(*begin + 4);
  int needed = 0, outlines = 0;
  for (std::size_t i = 0; i < tables; ++i) {
    const std::size_t entry = *begin + 12 + i * kTableEntryBytes;
    const std::uint64_t from = font.U32(entry + 8), length = font.U32(entry + 12);
    if (from + length > font.size()) return false;
    const std::string_view name = font.Tag(entry);
    for (const char* wanted : {"cmap", "head", "hhea", "hmtx", "maxp"}) needed += name == wanted;
    for (const char* wanted : {"glyf", "CFF "}) outlines += name == wanted;
  }
  return needed == 5 && outlines == 1;
}

std::optional<std::string> ReadFontFile(const std::filesystem::path& file, int face) {
  std::error_code failure;
  const std::uintmax_t size = std::filesystem::file_size(file, failure);
  if (failure || size > kFontBytesMax) return std::nullopt;
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!stream || !IsUsableFont(bytes, face)) return std::nullopt;
  return bytes;
}

}  // namespace stressbot
