#pragma once
#include <condition_variable>
#include <thread>
#include <vector>

#include "ServerCore/thread/Lock.h"
#include "ServerCore/thread/Task.h"

namespace reference {

/// One thread that runs tasks in the order of Post: it may wait for a disk, so that no shard does.
class DatabaseThread {
 public:
  DatabaseThread();   ///< throws std::system_error when the system has no thread left
  ~DatabaseThread();  ///< stops
  DatabaseThread(const DatabaseThread&) = delete;
  DatabaseThread& operator=(const DatabaseThread&) = delete;

  /// Thread: any. REQUIRES that it was not stopped.
  void Post(servercore::Task task);
  /// Returns when everything posted has run, what those tasks post included. Harmless when it was
  /// done. Thread: one outside thread.
  void Stop();

 private:
  void Run();

  servercore::Lock lock_{"database tasks"};
  std::condition_variable_any changed_;
  std::vector<servercore::Task> tasks_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace reference
