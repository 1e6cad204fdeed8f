#include "StressBot/protocol/PathText.h"

#include <charconv>
#include <string>

namespace stressbot {

std::string Quote(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::vector<std::string_view> SplitAtDots(std::string_view path) {
  std::vector<std::string_view> names;
  while (true) {
    const std::size_t dot = path.find('.');
    names.push_back(path.substr(0, dot));
    if (dot == std::string_view::npos) return names;
    path.remove_prefix(dot + 1);
  }
}

bool IsElementIndex(std::string_view name) {
  return !name.empty() && name.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<std::uint32_t> ParseElementIndex(std::string_view name) {
  std::uint32_t element = 0;
  const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), element);
  if (failure != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  return element;
}

std::string NotAnElement(std::string_view list, std::string_view name) {
  if (IsElementIndex(name)) return "the list " + Quote(list) + " has no element that far";
  return Quote(list) + " is a list; name one of its elements, as in \"" + std::string(list) + ".0" +
         (name.empty() ? "" : ".") + std::string(name) + "\"";
}

}  // namespace stressbot
