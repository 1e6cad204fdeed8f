#include "StressBot/system/StopSignals.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "StressBot/system/linux/OwnedFd.h"

namespace stressbot {

struct StopSignals::Masks {
  sigset_t before{};
  struct sigaction pipe_before {};
  OwnedFd arrivals;
};

StopSignals::StopSignals() : masks_(std::make_unique<Masks>()) {
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGINT);
  sigaddset(&stops, SIGTERM);
  // Blocked and read from a descriptor, so that no handler and no global is needed.
  pthread_sigmask(SIG_BLOCK, &stops, &masks_->before);
  masks_->arrivals = OwnedFd(::signalfd(-1, &stops, SFD_CLOEXEC | SFD_NONBLOCK));
  if (masks_->arrivals.get() < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot watch for Ctrl-C");
  }
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;  // NOLINT: the system's macro casts
  ::sigaction(SIGPIPE, &ignore, &masks_->pipe_before);
}

StopSignals::~StopSignals() {
  ::sigaction(SIGPIPE, &masks_->pipe_before, nullptr);
  // What arrived late must not end us while we leave.
  signalfd_siginfo late{};
  while (::read(masks_->arrivals.get(), &late, sizeof(late)) > 0) continue;
  pthread_sigmask(SIG_SETMASK, &masks_->before, nullptr);
}

int StopSignals::WaitFor(std::chrono::milliseconds timeout) {
  pollfd wait{masks_->arrivals.get(), POLLIN, 0};
  ::poll(&wait, 1, static_cast<int>(timeout.count()));
  signalfd_siginfo arrived{};
  while (::read(masks_->arrivals.get(), &arrived, sizeof(arrived)) > 0) ++count_;
  return count_;
}

}  // namespace stressbot
