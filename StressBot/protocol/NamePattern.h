#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

/// Names as "prefixes" and "directions" choose them. Private to the protocol library.
namespace stressbot {

/// "C_": names that begin so; "*Req": names that end so.
inline bool MatchesPattern(std::string_view name, std::string_view pattern) {
  return pattern.starts_with('*') ? name.ends_with(pattern.substr(1)) : name.starts_with(pattern);
}

/// Whether the name matches one of them, or there are none.
inline bool MatchesAny(std::string_view name, const std::vector<std::string>& patterns) {
  return patterns.empty() ||
         std::any_of(patterns.begin(), patterns.end(),
                     [name](const std::string& pattern) { return MatchesPattern(name, pattern); });
}

}  // namespace stressbot
