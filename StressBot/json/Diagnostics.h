#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stressbot {

/// One mistake in a user's file: what, where, and what to do.
struct Diagnostic {
  std::string file;
  int line = 0;                      ///< from 1; 0 when no line is at fault
  std::string path;                  ///< JSON path: flows.login[1].request
  std::string message;               ///< a sentence with a suggestion where one is near
  std::vector<std::string> known{};  ///< of an unknown key: all that may stand in its place

  /// "town.json:31: flows.login[1].request: no packet C_LOGN ...", fit for a terminal whatever the
  /// file holds.
  std::string ToString() const;
};

/// Collects mistakes, so that a user sees all of a file's mistakes at once.
class Diagnostics {
 public:
  void Add(Diagnostic diagnostic) { list_.push_back(std::move(diagnostic)); }
  bool empty() const { return list_.empty(); }
  const std::vector<Diagnostic>& list() const { return list_; }
  std::string ToString() const;  ///< one a line

 private:
  std::vector<Diagnostic> list_;
};

/// The candidate nearest to `word` by edit distance (optimal string alignment, upper and lower case
/// alike), or "" when none is near: a third of the word's letters may be wrong, and always one.
/// The view points into `candidates`.
std::string_view Nearest(std::string_view word, const std::vector<std::string>& candidates);
/// `; did you mean "success"?` or, without a near one and with few candidates, `; known: a, b, c`.
std::string Suggest(std::string_view word, const std::vector<std::string>& candidates);
/// `; did you mean "chat.json"?` when the directory of a missing file holds one of nearly its name,
/// or "".
std::string SuggestFile(const std::filesystem::path& missing);

}  // namespace stressbot
