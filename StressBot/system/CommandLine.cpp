#include "StressBot/system/CommandLine.h"

#include <algorithm>

namespace stressbot {

namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

bool IsQuote(char c) { return c == '"' || c == '\''; }

/// One character at a time; knows whether it is inside a word and inside which quotes.
class Splitter {
 public:
  void Take(char c) {
    if (escaped_) {
      escaped_ = false;
      Append(c);
    } else if (c == '\\' && quote_ != '\'') {
      escaped_ = true;
    } else if (quote_ != 0) {
      TakeQuoted(c);
    } else if (IsQuote(c)) {
      Open(c);
    } else if (IsBlank(c)) {
      EndWord();
    } else {
      Append(c);
    }
  }
  void Append(char c) {
    word_ += c;
    in_word_ = true;
  }
  void EndWord() {
    if (in_word_) words_.push_back(std::move(word_));
    word_.clear();
    in_word_ = false;
  }
  bool IsComplete() const { return quote_ == 0 && !escaped_; }
  std::vector<std::string> TakeWords() { return std::move(words_); }

 private:
  void TakeQuoted(char c) {
    if (c == quote_) {
      quote_ = 0;
    } else {
      Append(c);
    }
  }
  void Open(char quote) {
    quote_ = quote;
    in_word_ = true;  // "" is a word too
  }

  std::vector<std::string> words_;
  std::string word_;
  bool in_word_ = false;
  bool escaped_ = false;
  char quote_ = 0;
};

}  // namespace

std::optional<std::vector<std::string>> SplitCommand(std::string_view command, Backslash backslash,
                                                     std::string& error) {
  Splitter splitter;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const bool before_quote = i + 1 < command.size() && IsQuote(command[i + 1]);
    const bool plain = backslash == Backslash::kEscapesQuotes && !before_quote;
    if (command[i] == '\\' && plain) {
      splitter.Append('\\');
    } else {
      splitter.Take(command[i]);
    }
  }
  if (!splitter.IsComplete()) {
    error = "the command ends inside a quote or after a backslash: " + std::string(command);
    return std::nullopt;
  }
  splitter.EndWord();
  std::vector<std::string> words = splitter.TakeWords();
  if (words.empty() || words.front().empty()) {
    error = "the command is empty; it begins with the program to start";
    return std::nullopt;
  }
  return words;
}

namespace {

bool IsPlain(char c, Quoting quoting) {
  const bool is_alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  const bool is_hangul_or_such = static_cast<unsigned char>(c) >= 0x80;
  const std::string_view others = quoting == Quoting::kCmd ? "-_./:,+@\\" : "-_./:,+@=%";
  return is_alnum || is_hangul_or_such || others.find(c) != std::string_view::npos;
}

/// In '...' all is as it is, but that quote itself, which stands in quotes of the other kind.
std::string QuotedForPosix(std::string_view word) {
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\"'\"'";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

/// Backslashes mean themselves, except before a quotation mark: there two stand for one.
std::string QuotedForCmd(std::string_view word) {
  std::string quoted = "\"";
  std::size_t backslashes = 0;
  for (const char c : word) {
    if (c == '"') quoted.append(backslashes + 1, '\\');
    backslashes = c == '\\' ? backslashes + 1 : 0;
    quoted += c;
  }
  quoted.append(backslashes, '\\');
  return quoted + "\"";
}

}  // namespace

std::string JoinCommand(const std::vector<std::string>& words, Quoting quoting) {
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    const auto is_plain = [quoting](char c) { return IsPlain(c, quoting); };
    if (!word.empty() && std::ranges::all_of(word, is_plain)) {
      line += word;
    } else {
      line += quoting == Quoting::kCmd ? QuotedForCmd(word) : QuotedForPosix(word);
    }
  }
  return line;
}

}  // namespace stressbot
