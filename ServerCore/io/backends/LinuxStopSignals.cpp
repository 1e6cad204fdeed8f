#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "ServerCore/io/StopSignals.h"

namespace servercore {

struct StopSignals::State {
  sigset_t before{};
  struct sigaction pipe_before {};
  int arrivals = -1;
  int count = 0;

  /// Whether there was one to take.
  bool TakeOne() const {
    signalfd_siginfo arrived{};
    return ::read(arrivals, &arrived, sizeof(arrived)) > 0;
  }
};

StopSignals::StopSignals() : state_(std::make_unique<State>()) {
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGINT);
  sigaddset(&stops, SIGTERM);
  // Blocked and read from a descriptor, so that no handler and no global is needed.
  pthread_sigmask(SIG_BLOCK, &stops, &state_->before);
  state_->arrivals = ::signalfd(-1, &stops, SFD_CLOEXEC | SFD_NONBLOCK);
  if (state_->arrivals < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot watch for Ctrl-C");
  }
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;  // NOLINT: the system's macro casts
  ::sigaction(SIGPIPE, &ignore, &state_->pipe_before);
}

StopSignals::~StopSignals() {
  ::sigaction(SIGPIPE, &state_->pipe_before, nullptr);
  // What arrived late must not end us while we leave.
  while (state_->TakeOne()) continue;
  ::close(state_->arrivals);
  pthread_sigmask(SIG_SETMASK, &state_->before, nullptr);
}

int StopSignals::WaitFor(std::chrono::milliseconds timeout) {
  pollfd wait{state_->arrivals, POLLIN, 0};
  ::poll(&wait, 1, static_cast<int>(timeout.count()));
  while (state_->TakeOne()) ++state_->count;
  return state_->count;
}

}  // namespace servercore
