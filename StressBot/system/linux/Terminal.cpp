#include "StressBot/system/Terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace stressbot {

int TerminalColumns(std::FILE* stream) {
  constexpr int kUsualColumns = 80;
  const int fd = ::fileno(stream);
  if (::isatty(fd) == 0) return 0;
  winsize size{};
  const bool known = ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kUsualColumns;
}

}  // namespace stressbot
