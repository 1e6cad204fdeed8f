#include "StressBot/scenario/Keys.h"

#include <algorithm>
#include <cctype>
#include <limits>

namespace stressbot {

bool Contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

Nanoseconds ReadPositiveDuration(const JsonNode& node) {
  const std::size_t errors_before = node.errors().list().size();
  const Nanoseconds duration = node.AsDuration();
  if (duration <= Nanoseconds::zero() && node.errors().list().size() == errors_before)
    node.Error("must be longer than zero");
  return duration;
}

double ReadNumber(const JsonNode& node, double least, double most) {
  const std::size_t errors_before = node.errors().list().size();
  const double number = node.AsNumber();
  if (node.errors().list().size() != errors_before) return least;
  if (number >= least && number <= most) return number;
  const auto text = [](double value) { return ToText(Value(value)); };
  node.Error(most == std::numeric_limits<double>::infinity()
                 ? "must be at least " + text(least)
                 : "must be between " + text(least) + " and " + text(most));
  return least;
}

std::uint32_t ReadCount(const JsonNode& node) {
  const std::size_t errors_before = node.errors().list().size();
  const std::uint64_t count = node.AsUnsigned(std::numeric_limits<std::uint32_t>::max());
  if (count == 0 && node.errors().list().size() == errors_before) node.Error("must be at least 1");
  return static_cast<std::uint32_t>(count);
}

bool IsIdentifier(const std::string& text) {
  const auto is_word = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0 &&
         std::all_of(text.begin(), text.end(), is_word);
}

}  // namespace stressbot
