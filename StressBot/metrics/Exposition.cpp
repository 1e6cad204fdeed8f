#include "StressBot/metrics/Exposition.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>
#include <utility>

#include "StressBot/metrics/Suggestion.h"

namespace stressbot {

namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// Reads one line from left to right. Each Take gives what it took, or nothing.
class SampleLine {
 public:
  explicit SampleLine(std::string_view line) : rest_(line) {}

  void SkipBlanks() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t'))
      rest_.remove_prefix(1);
  }
  bool Take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Names of metrics may hold colons, those of labels not.
  std::string_view TakeName(bool with_colons) {
    std::size_t size = 0;
    const auto fits = [&](char c) {
      return IsLetter(c) || (with_colons && c == ':') || (size > 0 && IsDigit(c));
    };
    while (size < rest_.size() && fits(rest_[size])) ++size;
    return TakeFirst(size);
  }
  std::string_view TakeWord() {
    return TakeFirst(std::min(rest_.find_first_of(" \t"), rest_.size()));
  }
  /// "..." with \\, \" and \n in it.
  std::optional<std::string> TakeQuoted() {
    if (!Take('"')) return std::nullopt;
    std::string value;
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') return value;
      if (c != '\\') {
        value += c;
        continue;
      }
      if (rest_.empty()) return std::nullopt;
      value += rest_.front() == 'n' ? '\n' : rest_.front();
      rest_.remove_prefix(1);
    }
    return std::nullopt;
  }
  /// {name="value",...}, if there is one. False when it cannot be read.
  bool TakeLabels(Tags& labels) {
    if (!Take('{')) return true;
    for (SkipBlanks(); !Take('}'); SkipBlanks()) {
      const std::string name(TakeName(false));
      SkipBlanks();
      if (name.empty() || !Take('=')) return false;
      SkipBlanks();
      std::optional<std::string> value = TakeQuoted();
      if (!value) return false;
      labels.emplace_back(name, std::move(*value));
      SkipBlanks();
      if (!Take(',') && !rest_.starts_with('}')) return false;
    }
    return true;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view TakeFirst(std::size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view rest_;
};

std::optional<double> ToValue(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end != text.data() + text.size()) return std::nullopt;
  if (failure == std::errc::result_out_of_range) return std::numeric_limits<double>::infinity();
  return failure == std::errc() ? std::optional(value) : std::nullopt;
}

/// `# TYPE name type`, and for any other comment that names something an empty type.
void ReadComment(SampleLine line, Exposition& exposition) {
  line.SkipBlanks();
  const std::string_view word = line.TakeWord();
  if (word != "TYPE" && word != "HELP") return;
  line.SkipBlanks();
  std::string& type = exposition.types[std::string(line.TakeWord())];
  line.SkipBlanks();
  if (word == "TYPE") type = line.TakeWord();
}

/// Behind the value there may be a time, and an exemplar of OpenMetrics.
bool IsTail(std::string_view text) {
  SampleLine tail(text);
  tail.SkipBlanks();
  if (tail.rest().empty() || tail.rest().front() == '#') return true;
  if (!ToValue(tail.TakeWord())) return false;
  tail.SkipBlanks();
  return tail.rest().empty() || tail.rest().front() == '#';
}

bool ReadSample(SampleLine line, Exposition& exposition) {
  Exposition::Sample sample;
  sample.name = line.TakeName(true);
  line.SkipBlanks();
  if (sample.name.empty() || !line.TakeLabels(sample.labels)) return false;
  line.SkipBlanks();
  const std::optional<double> value = ToValue(line.TakeWord());
  if (!value || !IsTail(line.rest())) return false;
  sample.value = *value;
  exposition.samples.push_back(std::move(sample));
  return true;
}

bool Matches(const Exposition::Sample& sample, const SeriesSelector& selector) {
  return sample.name == selector.name && HasTags(sample.labels, selector.labels);
}

}  // namespace

std::optional<Exposition> ReadExposition(std::string_view text, std::string& error) {
  Exposition exposition;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view content = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (content.ends_with('\r')) content.remove_suffix(1);
    SampleLine line(content);
    line.SkipBlanks();
    if (line.rest().empty()) continue;
    if (line.Take('#')) {
      ReadComment(line, exposition);
    } else if (!ReadSample(line, exposition)) {
      error = "is no Prometheus text: line " + std::to_string(number) + " is no sample";
      return std::nullopt;
    }
  }
  return exposition;
}

std::optional<std::vector<SeriesSelector>> ParseSeriesSelectors(std::string_view text,
                                                                std::string& error) {
  std::vector<SeriesSelector> selectors;
  SampleLine line(text);
  do {
    line.SkipBlanks();
    const std::string_view from = line.rest();
    SeriesSelector selector;
    selector.name = line.TakeName(true);
    const bool is_read = !selector.name.empty() && line.TakeLabels(selector.labels);
    selector.text = from.substr(0, from.size() - line.rest().size());
    line.SkipBlanks();
    if (!is_read || (!line.rest().empty() && line.rest().front() != ',')) {
      error =
          "\"" + std::string(text) +
          "\" names no series; write NAME or NAME{label=\"value\"}, several with commas between";
      return std::nullopt;
    }
    selectors.push_back(std::move(selector));
  } while (line.Take(','));
  return selectors;
}

std::optional<double> ValueOf(const Exposition& exposition, const SeriesSelector& selector) {
  std::optional<double> sum;
  for (const Exposition::Sample& sample : exposition.samples) {
    if (!Matches(sample, selector) || !std::isfinite(sample.value)) continue;
    sum = sum.value_or(0) + sample.value;
  }
  return sum && std::isfinite(*sum) ? sum : std::nullopt;
}

std::string WhyUnknown(const Exposition& exposition, const SeriesSelector& selector) {
  constexpr std::size_t kNamesMax = 10'000;
  const auto has_name = [&selector](const Exposition::Sample& sample) {
    return sample.name == selector.name;
  };
  const bool is_known = exposition.types.contains(selector.name) ||
                        std::any_of(exposition.samples.begin(), exposition.samples.end(), has_name);
  if (is_known) return {};
  std::vector<std::string_view> names;
  for (const Exposition::Sample& sample : exposition.samples) {
    if (names.size() < kNamesMax && (names.empty() || names.back() != sample.name))
      names.emplace_back(sample.name);
  }
  return "has no series \"" + selector.name + "\"." + DidYouMean(selector.name, names);
}

}  // namespace stressbot
