#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Names and paths as users write them: "players.0.name". Private to the protocol library.
namespace stressbot {

std::string Quote(std::string_view text);  ///< "text", for messages
std::vector<std::string_view> SplitAtDots(std::string_view path);
/// Whether it names an element of a list, however far.
bool IsElementIndex(std::string_view name);
std::optional<std::uint32_t> ParseElementIndex(std::string_view name);
/// What is wrong with `name` behind the list `list`: it is no index, or too large.
std::string NotAnElement(std::string_view list, std::string_view name);

}  // namespace stressbot
