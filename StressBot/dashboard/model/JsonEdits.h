#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace stressbot {

/// Changes values of a JSON text and leaves all else as it is: comments, order, blanks.
/// Places are paths as in Diagnostic::path.
class JsonEdits {
 public:
  /// REQUIRES a text that JsonDocument::Parse takes; it outlives this.
  explicit JsonEdits(std::string_view text);

  bool Has(const std::string& path) const { return places_.contains(path); }
  /// The value becomes that JSON. Without such a place nothing happens. Each place once, and none
  /// within another.
  void Replace(const std::string& path, std::string json);
  /// A member more for an object, in front of its others. REQUIRES that it has some.
  void Insert(const std::string& object_path, std::string_view key, std::string_view json);
  std::string Apply() const;

 private:
  struct Span {
    std::size_t begin = 0, end = 0;
  };
  struct Change {
    std::size_t end = 0;
    std::string text;
  };
  class Scanner;

  std::string_view text_;
  std::map<std::string, Span> places_;
  std::map<std::size_t, Change> changes_;  ///< by where they begin
};

}  // namespace stressbot
