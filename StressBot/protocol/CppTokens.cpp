#include "StressBot/protocol/CppTokens.h"

#include <algorithm>
#include <cstddef>

namespace stressbot {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
/// Letters beyond ASCII are parts of names, whatever they are.
bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool IsName(char c) { return IsNameStart(c) || IsDigit(c); }

class CppScanner {
 public:
  explicit CppScanner(std::string_view source) : source_(source) {}

  std::vector<CppToken> Read() {
    while (at_ < source_.size()) Step();
    EndLine();
    return std::move(tokens_);
  }

 private:
  void Step() {
    const char c = source_[at_];
    if (c == '\n') {
      EndLine();
      Pass(1);
    } else if (c == '\\' && Next() == '\n') {
      Pass(2);  // the line goes on
    } else if (c == '\\' && Next() == '\r') {
      Pass(3);
    } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
      Pass(1);
    } else if (c == '/' && Next() == '/') {
      Pass(std::min(source_.find('\n', at_), source_.size()) - at_);
    } else if (c == '/' && Next() == '*') {
      const std::size_t end = source_.find("*/", at_ + 2);
      Pass((end == std::string_view::npos ? source_.size() : end + 2) - at_);
    } else if (c == '#' && is_line_start_) {
      Directive();
    } else {
      Token(c);
    }
  }

  void Token(char c) {
    std::size_t bytes = 1;
    CppToken::Kind kind = CppToken::Kind::kSign;
    if (IsNameStart(c)) {
      kind = CppToken::Kind::kName;
      while (at_ + bytes < source_.size() && IsName(source_[at_ + bytes])) ++bytes;
    } else if (IsDigit(c)) {
      kind = CppToken::Kind::kNumber;
      const auto belongs = [](char d) { return IsName(d) || d == '\'' || d == '.'; };
      while (at_ + bytes < source_.size() && belongs(source_[at_ + bytes])) ++bytes;
    } else if (c == '"' || c == '\'') {
      while (at_ + bytes < source_.size() && source_[at_ + bytes] != c &&
             source_[at_ + bytes] != '\n') {
        bytes += source_[at_ + bytes] == '\\' ? 2U : 1U;
      }
      bytes = std::min(bytes + 1, source_.size() - at_);
    } else if (c == ':' && Next() == ':') {
      bytes = 2;
    }
    tokens_.push_back({kind, source_.substr(at_, bytes), line_});
    is_line_start_ = false;
    Pass(bytes);
  }

  /// At a # that begins a line: what it defines is read, all others are passed.
  void Directive() {
    std::size_t end = at_ + 1;
    while (end < source_.size() && (source_[end] == ' ' || source_[end] == '\t')) ++end;
    std::size_t word_end = end;
    while (word_end < source_.size() && IsName(source_[word_end])) ++word_end;
    if (source_.substr(end, word_end - end) == "define") {
      tokens_.push_back({CppToken::Kind::kDefine, source_.substr(at_, word_end - at_), line_});
      is_define_ = true;
      is_line_start_ = false;
      return Pass(word_end - at_);
    }
    while (word_end < source_.size() && source_[word_end] != '\n') {
      word_end += source_[word_end] == '\\' ? 2U : 1U;
    }
    Pass(std::min(word_end, source_.size()) - at_);
  }

  void EndLine() {
    if (is_define_) tokens_.push_back({CppToken::Kind::kLineEnd, "", line_});
    is_define_ = false;
    is_line_start_ = true;
  }

  char Next() const { return at_ + 1 < source_.size() ? source_[at_ + 1] : '\0'; }
  void Pass(std::size_t bytes) {
    bytes = std::min(bytes, source_.size() - at_);
    const std::string_view passed = source_.substr(at_, bytes);
    line_ += static_cast<int>(std::count(passed.begin(), passed.end(), '\n'));
    at_ += bytes;
  }

  std::string_view source_;
  std::size_t at_ = 0;
  int line_ = 1;
  bool is_line_start_ = true;
  bool is_define_ = false;  ///< within the line of a #define
  std::vector<CppToken> tokens_;
};

}  // namespace

std::vector<CppToken> ReadCppTokens(std::string_view source) { return CppScanner(source).Read(); }

}  // namespace stressbot
