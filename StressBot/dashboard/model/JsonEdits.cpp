#include "StressBot/dashboard/model/JsonEdits.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "StressBot/json/JsonNode.h"

namespace stressbot {

/// Walks through a text that is known to be right, so it only looks where things begin and end.
class JsonEdits::Scanner {
 public:
  Scanner(std::string_view text, std::map<std::string, Span>& places)
      : text_(text), places_(places) {
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  }

  void Value(const std::string& path) {  // as deep as JsonDocument::kDepthMax
    SkipBlanks();
    const std::size_t begin = at_;
    if (Peek() == '{') {
      Members(path);
    } else if (Peek() == '[') {
      Elements(path);
    } else if (Peek() == '"') {
      Text();
    } else {
      at_ = std::min(text_.find_first_of(",]} \t\r\n/", at_), text_.size());
    }
    places_.emplace(path, Span{begin, at_});
  }

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void SkipBlanks() {
    while (at_ < text_.size()) {
      if (text_.substr(at_).starts_with("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_.substr(at_).starts_with("/*")) {
        at_ = std::min(text_.find("*/", at_), text_.size() - 2) + 2;
      } else if (std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) {
        ++at_;
      } else {
        return;
      }
    }
  }

  std::string_view Text() {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2U : 1U;
    ++at_;
    return text_.substr(begin, at_ - begin);
  }

  /// Stands behind the `,`, or behind the end, which is told.
  bool EndsWith(char end) {
    SkipBlanks();
    const char found = Peek();
    ++at_;
    return found == end || found == '\0';
  }

  void Members(const std::string& path) {
    ++at_;
    SkipBlanks();
    if (Peek() == '}') return void(++at_);
    do {
      SkipBlanks();
      const auto key = nlohmann::json::parse(Text()).get<std::string>();
      SkipBlanks();
      ++at_;  // the colon
      Value(MemberPath(path, key));
    } while (!EndsWith('}'));
  }

  void Elements(const std::string& path) {
    ++at_;
    SkipBlanks();
    if (Peek() == ']') return void(++at_);
    std::size_t index = 0;
    do {
      Value(ElementPath(path, index++));
    } while (!EndsWith(']'));
  }

  const std::string_view text_;
  std::map<std::string, Span>& places_;
  std::size_t at_ = 0;
};

JsonEdits::JsonEdits(std::string_view text) : text_(text) { Scanner(text, places_).Value(""); }

void JsonEdits::Replace(const std::string& path, std::string json) {
  const auto place = places_.find(path);
  if (place == places_.end()) return;
  changes_[place->second.begin] = {place->second.end, std::move(json)};
}

void JsonEdits::Insert(const std::string& object_path, std::string_view key,
                       std::string_view json) {
  const auto place = places_.find(object_path);
  if (place == places_.end()) return;
  const std::size_t inside = place->second.begin + 1;
  Change& change = changes_.try_emplace(inside, Change{inside, {}}).first->second;
  change.text += fmt::format("{}: {}, ", nlohmann::json(key).dump(), json);
}

std::string JsonEdits::Apply() const {
  std::string edited;
  std::size_t at = 0;
  for (const auto& [begin, change] : changes_) {
    edited.append(text_.substr(at, begin - at)).append(change.text);
    at = change.end;
  }
  return edited.append(text_.substr(at));
}

}  // namespace stressbot
