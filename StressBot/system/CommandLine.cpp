#include "StressBot/system/CommandLine.h"

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

}  // namespace stressbot
