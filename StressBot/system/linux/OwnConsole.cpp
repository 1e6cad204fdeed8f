#include "StressBot/system/OwnConsole.h"

#include <cstdio>

namespace stressbot {

OwnConsole::OwnConsole() = default;
OwnConsole::~OwnConsole() = default;
void OwnConsole::Close() {}
void OwnConsole::TellError(const std::string& text) const {
  std::fprintf(stderr, "%s\n", text.c_str());
}

}  // namespace stressbot
