#include "StressBot/system/KeyReader.h"

#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>

namespace stressbot {

namespace {

// A signal's handler has nothing but globals.
termios before{};                  // NOLINT: what to go back to
std::atomic<bool> changed{false};  // NOLINT: the terminal is ours, and not as before
std::array<struct sigaction, 4> handlers_before{};  // NOLINT: of kSignals
constexpr std::array<int, 4> kSignals{SIGTSTP, SIGQUIT, SIGHUP, SIGABRT};

/// Else the system stops who touches the terminal.
bool IsForeground() { return ::tcgetpgrp(STDIN_FILENO) == ::getpgrp(); }

void OnSignal(int signal) {
  RestoreTerminal();
  if (signal == SIGTSTP) {
    ::raise(SIGSTOP);  // Take changes the terminal again when we go on
    return;
  }
  ::signal(signal, SIG_DFL);  // NOLINT: the system's macro casts
  ::raise(signal);
}

/// Single keys, unseen; what signals mean stays.
void TakeTerminal() {
  termios now{};
  if (::tcgetattr(STDIN_FILENO, &now) != 0 || (now.c_lflag & ICANON) == 0) return;
  before = now;
  now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  now.c_cc[VMIN] = 0;
  now.c_cc[VTIME] = 0;
  changed = ::tcsetattr(STDIN_FILENO, TCSANOW, &now) == 0;
}

}  // namespace

void RestoreTerminal() noexcept {
  if (changed.exchange(false) && IsForeground()) ::tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

std::unique_ptr<KeyReader> KeyReader::Open() {
  if (::isatty(STDIN_FILENO) == 0 || !IsForeground()) return nullptr;
  struct sigaction handler {};
  handler.sa_handler = OnSignal;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    ::sigaction(kSignals[i], &handler, &handlers_before[i]);
    // Whoever ignores it, as nohup does, has a reason.
    if (handlers_before[i].sa_handler != SIG_DFL)  // NOLINT: the system's macro casts
      ::sigaction(kSignals[i], &handlers_before[i], nullptr);
  }
  TakeTerminal();
  return std::unique_ptr<KeyReader>(new KeyReader);
}

KeyReader::~KeyReader() {
  RestoreTerminal();
  for (std::size_t i = 0; i < kSignals.size(); ++i)
    ::sigaction(kSignals[i], &handlers_before[i], nullptr);
}

std::optional<char> KeyReader::Take() {
  if (!IsForeground()) return std::nullopt;
  TakeTerminal();  // if it is as before: we were stopped, and go on
  pollfd typed{STDIN_FILENO, POLLIN, 0};
  char key = 0;
  if (::poll(&typed, 1, 0) <= 0 || ::read(STDIN_FILENO, &key, 1) != 1) return std::nullopt;
  return key;
}

}  // namespace stressbot
