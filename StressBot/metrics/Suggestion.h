#pragma once
#include <span>
#include <string>
#include <string_view>

namespace stressbot {

/// The candidate that `text` most likely meant (fewest edits, at most a third of its letters), or
/// empty when none is near.
std::string_view ClosestOf(std::string_view text, std::span<const std::string_view> candidates);

/// ` Did you mean "avg"?`, or empty.
std::string DidYouMean(std::string_view text, std::span<const std::string_view> candidates);

}  // namespace stressbot
