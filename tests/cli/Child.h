#pragma once
#include <string>

namespace stressbot {

/// A command that starts tests/cli/ChildProgram.cpp.
inline std::string Child(const std::string& words) {
  return "\"" STRESSBOT_CHILD_PROGRAM "\" " + words;
}

}  // namespace stressbot
