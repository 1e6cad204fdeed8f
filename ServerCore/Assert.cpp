#include "ServerCore/Assert.h"

#include <cstdio>
#include <cstdlib>

namespace servercore {

void AssertFailed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "%s:%d: internal error: %s does not hold\n", file, line, condition);
  std::fflush(stderr);
  std::abort();
}

}  // namespace servercore
