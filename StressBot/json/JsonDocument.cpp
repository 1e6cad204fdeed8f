#include "StressBot/json/JsonDocument.h"

#include <algorithm>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

#include "StressBot/json/PlainText.h"
#include "StressBot/json/TextFile.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {
namespace {

/// Where the parser stands. A newline belongs to the line that it ends: the parser looks one
/// character past a number, and the number's line must not change by that.
struct TextPosition {
  int line = 1;
  bool newline_read = false;

  void Consume(char character) {
    if (newline_read) ++line;
    newline_read = character == '\n';
  }
};

/// Gives the text to the parser and counts lines; copies share one position.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, TextPosition& position) : at_(at), position_(&position) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    position_->Consume(*at_++);
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator old = *this;
    ++*this;
    return old;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  TextPosition* position_;
};

/// "[json.exception.parse_error.101] parse error at line 3, column 9: syntax error while parsing
/// value - unexpected ..." without what the user knows already from the Diagnostic.
std::string PlainSentence(std::string text) {
  constexpr std::string_view kPlace = ", column ";
  if (const std::size_t place = text.find(kPlace); place != std::string::npos) {
    const std::size_t colon = text.find(": ", place);
    if (colon != std::string::npos) text.erase(0, colon + 2);
  } else if (const std::size_t bracket = text.find("] "); bracket != std::string::npos) {
    text.erase(0, bracket + 2);
  }
  constexpr std::string_view kSyntax = "syntax error ";
  if (text.starts_with(kSyntax)) text.erase(0, kSyntax.size());
  if (const std::size_t dash = text.find(" - "); dash != std::string::npos) {
    text.replace(dash, 3, ": ");
  }
  return "not valid JSON, " + text;
}

/// Builds the document from the parser's events and notes the line of each path. The names of the
/// functions are the ones that the parser calls.
class DocumentBuilder {
 public:
  using Json = JsonDocument::Json;

  DocumentBuilder(std::string file, const TextPosition& position, Diagnostics& errors)
      : file_(std::move(file)), position_(position), errors_(errors) {}

  bool null() { return Place(nullptr) != nullptr; }
  bool boolean(bool value) { return Place(value) != nullptr; }
  bool number_integer(Json::number_integer_t value) { return Place(value) != nullptr; }
  bool number_unsigned(Json::number_unsigned_t value) { return Place(value) != nullptr; }
  bool number_float(Json::number_float_t value, const std::string& /*text*/) {
    return Place(value) != nullptr;
  }
  bool string(std::string& value) { return Place(std::move(value)) != nullptr; }
  bool binary(Json::binary_t& /*value*/) { return false; }  // never in JSON text

  bool start_object(std::size_t /*unknown*/) { return Open(Json::object()); }
  bool end_object() { return Close(); }
  bool start_array(std::size_t /*unknown*/) { return Open(Json::array()); }
  bool end_array() { return Close(); }

  bool key(std::string& name) {
    Level& level = levels_.back();
    level.key = std::move(name);
    level.key_line = position_.line;
    if (level.value->contains(level.key)) {
      const std::string path = PathOfNext();
      Error(position_.line, path,
            "the key is here twice (first in line " + std::to_string(LineOfKnown(path)) +
                "); remove one");
    }
    return true;
  }

  bool parse_error(std::size_t /*byte*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& what) {
    Error(position_.line, levels_.empty() ? "" : levels_.back().path, PlainSentence(what.what()));
    return false;
  }

  Json TakeRoot() { return std::move(root_); }
  std::map<std::string, int, std::less<>> TakeLines() { return std::move(lines_); }

 private:
  struct Level {
    Json* value;  // stays where it is: while it is open, nothing is added to its parent
    std::string path;
    std::string key;  // of the member that comes next
    int key_line = 0;
  };

  std::string PathOfNext() const {
    if (levels_.empty()) return "";
    const Level& level = levels_.back();
    return level.value->is_array() ? ElementPath(level.path, level.value->size())
                                   : MemberPath(level.path, level.key);
  }

  int LineOfKnown(const std::string& path) const {
    const auto found = lines_.find(path);
    return found == lines_.end() ? 0 : found->second;
  }

  Json* Place(Json value) {
    if (levels_.empty()) {
      lines_.emplace("", position_.line);
      root_ = std::move(value);
      return &root_;
    }
    Level& level = levels_.back();
    const bool is_member = level.value->is_object();
    lines_.emplace(PathOfNext(), is_member ? level.key_line : position_.line);
    if (is_member) return &((*level.value)[level.key] = std::move(value));
    level.value->push_back(std::move(value));
    return &level.value->back();
  }

  bool Open(Json empty) {
    std::string path = PathOfNext();
    if (levels_.size() == JsonDocument::kDepthMax) {
      Error(position_.line, levels_.back().path,
            "nested deeper than " + std::to_string(JsonDocument::kDepthMax) +
                " objects and lists; make it flatter");
      return false;
    }
    Json* placed = Place(std::move(empty));
    levels_.push_back({placed, std::move(path), "", 0});
    return true;
  }

  bool Close() {
    levels_.pop_back();
    return true;
  }

  void Error(int line, std::string path, std::string message) {
    errors_.Add({file_, line, std::move(path), std::move(message)});
  }

  std::string file_;
  const TextPosition& position_;
  Diagnostics& errors_;
  Json root_;
  std::map<std::string, int, std::less<>> lines_;
  std::vector<Level> levels_;
};

/// Whether this can be JSON at all. The parser's own words for these need to be understood, and
/// would show what a terminal must not see.
bool IsText(std::string_view text, const std::string& file, Diagnostics& errors) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    errors.Add({file, 0, "", "the file is empty"});
    return false;
  }
  const std::size_t end = std::min(Utf8End(text), text.find('\0'));
  if (end >= text.size()) return true;
  const std::string_view before = text.substr(0, end);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  const std::size_t byte = newline == std::string_view::npos ? end + 1 : end - newline;
  errors.Add({file, static_cast<int>(lines) + 1, "",
              "this is no text file (byte " + std::to_string(byte) + " of line " +
                  std::to_string(lines + 1) +
                  (text[end] == '\0' ? " is zero)" : " is not UTF-8)")});
  return false;
}

}  // namespace

std::optional<JsonDocument> JsonDocument::Load(const std::filesystem::path& file,
                                               Diagnostics& errors) {
  static_assert(kFileBytesMax == kTextFileBytesMax);
  std::string message;
  const std::optional<std::string> text = ReadTextFile(file, message);
  if (!text) {
    errors.Add({Utf8Of(file), 0, "", std::move(message)});
    return std::nullopt;
  }
  return Parse(*text, Utf8Of(file), errors);
}

std::optional<JsonDocument> JsonDocument::Parse(std::string_view text, std::string file_name,
                                                Diagnostics& errors) {
  if (!IsText(text, file_name, errors)) return std::nullopt;
  const std::size_t errors_before = errors.list().size();
  TextPosition position;
  DocumentBuilder builder(file_name, position, errors);
  constexpr bool kWholeText = true;
  constexpr bool kIgnoreComments = true;
  const bool parsed =
      Json::sax_parse(CountingIterator(text.data(), position),
                      CountingIterator(text.data() + text.size(), position), &builder,
                      nlohmann::detail::input_format_t::json, kWholeText, kIgnoreComments);
  if (!parsed || errors.list().size() != errors_before) return std::nullopt;

  JsonDocument document;
  document.file_ = std::move(file_name);
  document.root_ = builder.TakeRoot();
  document.lines_ = builder.TakeLines();
  return document;
}

int JsonDocument::LineOf(const std::string& path) const {
  std::string_view place = path;
  while (true) {
    if (const auto found = lines_.find(place); found != lines_.end()) return found->second;
    if (place.empty()) return 0;
    // A cut within a quoted key gives a path that does not exist, and the next cut is tried.
    const std::size_t cut = place.find_last_of(".[");
    place = cut == std::string_view::npos ? std::string_view{} : place.substr(0, cut);
  }
}

}  // namespace stressbot
