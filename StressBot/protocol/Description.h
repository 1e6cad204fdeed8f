#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// A packet's content as one line for people: what the codecs share.
namespace stressbot {

inline constexpr std::size_t kDescriptionMax = 2'000;  ///< characters, roughly

/// In quotes; what is not valid UTF-8 is escaped, which is what one wants to see of a server that
/// sends it.
void AppendQuoted(std::string_view text, std::string& out);
/// Cut at kDescriptionMax, between characters.
std::string Shortened(std::string text);
/// "undecodable, 12 bytes: 0a ff ..."
std::string DescribeUndecodable(std::span<const std::byte> payload);

/// Commas between what is written.
class Separator {
 public:
  Separator(std::string& out, char open) : out_(out) { out_ += open; }
  void Next() {
    if (!is_first_) out_ += ", ";
    is_first_ = false;
  }

 private:
  std::string& out_;
  bool is_first_ = true;
};

}  // namespace stressbot
