#pragma once
#include <cstdio>

namespace stressbot {

/// How many columns the terminal behind `stream` has; 0 when there is none (a file, a pipe, CI).
int TerminalColumns(std::FILE* stream);

}  // namespace stressbot
