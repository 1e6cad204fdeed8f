#include "StressBot/json/Diagnostics.h"

#include <algorithm>
#include <cstddef>
#include <system_error>

#include "StressBot/json/PlainText.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {
namespace {

constexpr std::size_t kWordBytesMax = 128;  // longer is no misspelt name, and the work is quadratic
constexpr std::size_t kListedMax = 8;       // more would hide the sentence before them
constexpr std::size_t kFilesMax = 4'096;    // of a directory in which somebody mistook a name

char Lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

/// Optimal string alignment: Levenshtein's distance with swaps of neighbours, three rolling rows.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const char x = Lower(a[i - 1]);
      const char y = Lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (x == y ? 0U : 1U)});
      if (i > 1 && j > 1 && x == Lower(b[j - 2]) && y == Lower(a[i - 2])) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::string Diagnostic::ToString() const {
  std::string text = file;
  if (line > 0) text += ":" + std::to_string(line);
  if (!text.empty()) text += ": ";
  if (!path.empty()) text += path + ": ";
  return Printable(text + message);
}

std::string Diagnostics::ToString() const {
  std::string text;
  for (const Diagnostic& diagnostic : list_) text += diagnostic.ToString() + "\n";
  return text;
}

std::string_view Nearest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > kWordBytesMax) return "";
  const std::size_t near = std::max<std::size_t>(1, word.size() / 3);
  std::size_t best_distance = near + 1;
  std::string_view best;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kWordBytesMax) continue;
    const std::size_t distance = EditDistance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string Suggest(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string_view nearest = Nearest(word, candidates);
  if (!nearest.empty()) return "; did you mean \"" + std::string(nearest) + "\"?";
  if (candidates.empty() || candidates.size() > kListedMax) return "";
  std::string text = "; known: ";
  for (const std::string& candidate : candidates) {
    if (&candidate != &candidates.front()) text += ", ";
    text += candidate;
  }
  return text;
}

std::string SuggestFile(const std::filesystem::path& missing) {
  const std::filesystem::path directory = missing.parent_path();
  std::error_code failure;
  std::filesystem::directory_iterator entry(directory.empty() ? "." : directory, failure);
  std::vector<std::string> names;
  for (; !failure && entry != std::filesystem::directory_iterator{} && names.size() < kFilesMax;
       entry.increment(failure)) {
    if (std::error_code ignored; entry->is_regular_file(ignored)) {
      names.push_back(Utf8Of(entry->path().filename()));
    }
  }
  std::sort(names.begin(), names.end());
  const std::string_view nearest = Nearest(Utf8Of(missing.filename()), names);
  return nearest.empty() ? "" : "; did you mean \"" + std::string(nearest) + "\"?";
}

}  // namespace stressbot
