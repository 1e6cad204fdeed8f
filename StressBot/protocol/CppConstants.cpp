#include "StressBot/protocol/CppConstants.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <span>
#include <system_error>

#include "StressBot/protocol/CppTokens.h"

namespace stressbot {
namespace {

using CppTokenSpan = std::span<const CppToken>;
using KnownConstants = std::map<std::string, std::int64_t, std::less<>>;

constexpr std::size_t kExpressionTokensMax = 64;  // what is longer is no id
constexpr int kParenthesesMax = 16;               // in each other
constexpr std::size_t kStatementTokensMax = 256;  // what is longer declares no constant

std::optional<std::int64_t> ReadCppNumber(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != '\'') digits += c;
  }
  int base = 10;
  std::size_t from = 0;
  if (digits.size() > 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X')) {
    base = 16;
    from = 2;
  } else if (digits.size() > 2 && digits[0] == '0' && (digits[1] == 'b' || digits[1] == 'B')) {
    base = 2;
    from = 2;
  } else if (digits.size() > 1 && digits[0] == '0') {
    base = 8;
    from = 1;
  }
  std::int64_t value = 0;
  const auto [end, failure] =
      std::from_chars(digits.data() + from, digits.data() + digits.size(), value, base);
  if (failure != std::errc{}) {
    if (digits.find_first_not_of("0uUlLzZ") == std::string::npos) return 0;  // 0u, 00
    return std::nullopt;
  }
  const std::string_view suffix(end, static_cast<std::size_t>(digits.data() + digits.size() - end));
  if (suffix.find_first_not_of("uUlLzZ") != std::string_view::npos) return std::nullopt;
  return value;
}

/// Numbers and known names with + - * and parentheses.
class CppExpression {
 public:
  CppExpression(CppTokenSpan tokens, const KnownConstants& known)
      : tokens_(tokens), known_(known) {}

  std::optional<std::int64_t> Value() {
    if (tokens_.empty() || tokens_.size() > kExpressionTokensMax) return std::nullopt;
    const std::optional<std::int64_t> value = Sum();
    return at_ == tokens_.size() ? value : std::nullopt;
  }

 private:
  bool Take(std::string_view sign) {
    if (at_ == tokens_.size() || !tokens_[at_].Is(sign)) return false;
    ++at_;
    return true;
  }

  std::optional<std::int64_t> Sum() {
    std::optional<std::int64_t> sum = Product();
    while (sum) {
      const bool adds = Take("+");
      if (!adds && !Take("-")) break;
      sum = Combined(sum, Product(), adds ? '+' : '-');
    }
    return sum;
  }

  std::optional<std::int64_t> Product() {
    std::optional<std::int64_t> product = Single();
    while (product && Take("*")) product = Combined(product, Single(), '*');
    return product;
  }

  /// nullopt beyond 64 bits.
  static std::optional<std::int64_t> Combined(std::optional<std::int64_t> left,
                                              std::optional<std::int64_t> right, char sign) {
    constexpr std::int64_t kMost = std::int64_t{1} << 40;  // far beyond any id, and nothing wraps
    if (!left || !right) return std::nullopt;
    if (*left > kMost || *left < -kMost || *right > kMost || *right < -kMost) return std::nullopt;
    if (sign == '+') return *left + *right;
    if (sign == '-') return *left - *right;
    constexpr std::int64_t kFactorMost = std::int64_t{1} << 22;
    if (*right > kFactorMost || *right < -kFactorMost) return std::nullopt;
    return *left * *right;
  }

  std::optional<std::int64_t> Single() {
    if (Take("-")) return Combined(0, Single(), '-');
    if (Take("+")) return Single();
    if (Take("(")) {
      if (++depth_ > kParenthesesMax) return std::nullopt;
      const std::optional<std::int64_t> value = Sum();
      --depth_;
      return Take(")") ? value : std::nullopt;
    }
    if (at_ == tokens_.size()) return std::nullopt;
    const CppToken* token = &tokens_[at_++];
    if (token->kind == CppToken::Kind::kNumber) return ReadCppNumber(token->text);
    while (token->kind == CppToken::Kind::kName && Take("::") && at_ < tokens_.size())
      token = &tokens_[at_++];
    const auto found = known_.find(token->text);
    if (token->kind != CppToken::Kind::kName || found == known_.end()) return std::nullopt;
    return found->second;
  }

  CppTokenSpan tokens_;
  const KnownConstants& known_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

class CppConstantReader {
 public:
  explicit CppConstantReader(CppTokenSpan tokens) : tokens_(tokens) {}

  std::vector<CppConstant> Read() {
    while (at_ < tokens_.size()) {
      const CppToken& token = tokens_[at_++];
      if (token.kind == CppToken::Kind::kDefine) {
        Define();
      } else if (token.Is("enum")) {
        Enum();
      } else if (token.Is("const") || token.Is("constexpr")) {
        Constant();
      }
    }
    return std::move(constants_);
  }

 private:
  bool IsAt(std::string_view sign) const { return at_ < tokens_.size() && tokens_[at_].Is(sign); }
  /// The place of the first of these signs from `from` on, outside of parentheses and braces.
  std::size_t FindSign(std::size_t from, std::string_view one, std::string_view other) const {
    int depth = 0;
    const std::size_t last = std::min(tokens_.size(), from + kStatementTokensMax);
    for (std::size_t i = from; i < last; ++i) {
      if (depth == 0 && (tokens_[i].Is(one) || tokens_[i].Is(other))) return i;
      if (tokens_[i].Is("(") || tokens_[i].Is("{")) ++depth;
      if (tokens_[i].Is(")") || tokens_[i].Is("}")) --depth;
      if (depth < 0) return i;
    }
    return last;
  }

  std::optional<std::int64_t> Evaluate(std::size_t from, std::size_t to) const {
    return CppExpression(tokens_.subspan(from, to - from), known_).Value();
  }
  void Add(const CppToken& name, std::optional<std::int64_t> value) {
    constants_.push_back({std::string(name.text), name.line, value});
    if (value) known_.insert_or_assign(std::string(name.text), *value);
  }

  /// #define NAME 1000
  void Define() {
    std::size_t end = at_;
    while (end < tokens_.size() && tokens_[end].kind != CppToken::Kind::kLineEnd) ++end;
    if (end >= at_ + 2 && tokens_[at_].kind == CppToken::Kind::kName) {
      // One with parameters is no constant, and its value is no number either.
      Add(tokens_[at_], Evaluate(at_ + 1, end));
    }
    at_ = end;
  }

  /// enum class Name : type { A = 1, B }
  void Enum() {
    while (at_ < tokens_.size() && !IsAt("{") && !IsAt(";") && !IsAt("(") && !IsAt(")")) ++at_;
    if (!IsAt("{")) return;
    ++at_;
    std::optional<std::int64_t> next = 0;
    while (at_ < tokens_.size() && !IsAt("}")) {
      const std::size_t end = FindSign(at_, ",", "}");
      const CppToken& name = tokens_[at_];
      if (name.kind == CppToken::Kind::kName) {
        const std::size_t equals = FindSign(at_, "=", ",");
        if (equals < end) next = Evaluate(equals + 1, end);
        Add(name, next);
        if (next) next = *next + 1;
      }
      at_ = end < tokens_.size() && tokens_[end].Is(",") ? end + 1 : end;
      if (end < tokens_.size() && tokens_[end].Is(")")) ++at_;  // broken text: go on
    }
  }

  /// constexpr std::uint16_t NAME = 1000;  or  NAME{1000};
  void Constant() {
    const std::size_t end = FindSign(at_, ";", ";");
    const std::size_t equals = FindSign(at_, "=", ";");
    if (equals < end) {
      if (equals > at_ && tokens_[equals - 1].kind == CppToken::Kind::kName) {
        Add(tokens_[equals - 1], Evaluate(equals + 1, FindSign(equals + 1, ",", ";")));
      }
      return;
    }
    std::size_t brace = at_;
    while (brace < end && !tokens_[brace].Is("{")) ++brace;
    if (brace < end && brace > at_ && tokens_[brace - 1].kind == CppToken::Kind::kName) {
      Add(tokens_[brace - 1], Evaluate(brace + 1, FindSign(brace + 1, "}", "}")));
    }
  }

  CppTokenSpan tokens_;
  std::size_t at_ = 0;
  KnownConstants known_;
  std::vector<CppConstant> constants_;
};

}  // namespace

std::vector<CppConstant> ReadCppConstants(std::string_view header) {
  const std::vector<CppToken> tokens = ReadCppTokens(header);
  return CppConstantReader(tokens).Read();
}

}  // namespace stressbot
