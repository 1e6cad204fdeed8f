#include "ServerCore/io/Utf8Program.h"

namespace servercore {

// Bytes are passed on as they are here, and terminals show UTF-8.
Utf8Program::Utf8Program(int argc, char** argv) : pointers_(argv, argv + argc) {
  pointers_.push_back(nullptr);
}

Utf8Program::~Utf8Program() = default;

}  // namespace servercore
