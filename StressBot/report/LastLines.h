#pragma once
#include <string>
#include <vector>

namespace stressbot {

/// Of the last lines of a dead server those that tell most, 50 at most: a sanitizer's report from
/// its beginning, where the stack is, and a little before; else the last ones.
std::vector<std::string> LinesThatTell(const std::vector<std::string>& last_lines);

}  // namespace stressbot
