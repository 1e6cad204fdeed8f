#include "ReferenceServer/accounts/DatabaseThread.h"

#include <utility>

#include "ServerCore/Assert.h"

namespace reference {

DatabaseThread::DatabaseThread() : thread_([this] { Run(); }) {}

DatabaseThread::~DatabaseThread() { Stop(); }

void DatabaseThread::Post(servercore::Task task) {
  {
    const std::lock_guard locked(lock_);
    SC_ASSERT(!stopping_ || std::this_thread::get_id() == thread_.get_id());
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void DatabaseThread::Stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard locked(lock_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void DatabaseThread::Run() {
  std::vector<servercore::Task> taken;
  std::unique_lock locked(lock_);
  while (true) {
    changed_.wait(locked, [this] { return stopping_ || !tasks_.empty(); });
    if (tasks_.empty()) return;
    taken.swap(tasks_);
    locked.unlock();
    for (servercore::Task& task : taken) task();
    taken.clear();
    locked.lock();
  }
}

}  // namespace reference
