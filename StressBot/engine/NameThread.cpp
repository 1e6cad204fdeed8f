#include "StressBot/engine/NameThread.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

namespace stressbot {

using servercore::NetAddress;
using servercore::Result;

struct NameThread::State {
  struct Question {
    std::string host;
    Answer answer;
  };
  std::mutex mutex;
  std::condition_variable asked;
  std::deque<Question> questions;
  bool stopped = false;
  bool busy = false;  ///< the system has been asked

  void Run() {
    std::unique_lock lock(mutex);
    while (true) {
      asked.wait(lock, [this] { return stopped || !questions.empty(); });
      if (stopped) return;
      const Question question = std::move(questions.front());
      questions.pop_front();
      busy = true;
      lock.unlock();
      const bool is_ipv6 = question.host.find(':') != std::string::npos;
      Result<NetAddress> found =
          ResolveNow((is_ipv6 ? "[" + question.host + "]" : question.host) + ":0");
      lock.lock();
      busy = false;
      // Under the lock, so that Stop knows that none is on its way.
      if (!stopped) question.answer(std::move(found));
    }
  }
};

NameThread::NameThread() : state_(std::make_shared<State>()) {}

NameThread::~NameThread() { Stop(); }

void NameThread::Resolve(std::string host, Answer answer) {
  const std::lock_guard lock(state_->mutex);
  if (state_->stopped) return;
  state_->questions.push_back({std::move(host), std::move(answer)});
  if (!thread_.joinable()) thread_ = std::thread([state = state_] { state->Run(); });
  state_->asked.notify_one();
}

void NameThread::Stop() {
  bool busy = false;
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopped = true;
    state_->questions.clear();
    busy = state_->busy;
  }
  state_->asked.notify_one();
  if (!thread_.joinable()) return;
  if (busy) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

Result<NetAddress> ResolveNow(const std::string& host_and_port) {
  const auto addresses = NetAddress::Resolve(host_and_port);
  if (!addresses) return addresses.error();
  if (addresses->empty()) return std::make_error_code(std::errc::host_unreachable);
  for (const NetAddress& address : *addresses) {
    if (address.family() == NetAddress::Family::kIpv4) return address;
  }
  return addresses->front();
}

}  // namespace stressbot
