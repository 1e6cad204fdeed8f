#include <unistd.h>

#include <cstdio>
#include <memory>

#include "ServerCore/io/SystemProcess.h"

namespace servercore {

std::size_t ResidentBytes() {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen("/proc/self/statm", "r"),
                                                             &std::fclose);
  std::size_t size = 0;
  std::size_t resident = 0;  // both in pages
  if (file == nullptr || std::fscanf(file.get(), "%zu %zu", &size, &resident) != 2) return 0;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

bool OutputIsTerminal() { return ::isatty(STDOUT_FILENO) == 1; }

}  // namespace servercore
