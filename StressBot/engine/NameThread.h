#pragma once
#include <memory>
#include <thread>

#include "StressBot/engine/NameResolver.h"

namespace stressbot {

/// A NameResolver with a thread of its own, which is made when the first name is asked for and asks
/// the system for one after the other. Asking the same name twice is the caller's to avoid.
class NameThread final : public NameResolver {
 public:
  NameThread();
  ~NameThread() override;

  void Resolve(std::string host, Answer answer) override;
  /// After this no answer comes any more. Does not wait for a name that is being looked up: the
  /// system may take many seconds for it.
  void Stop();

 private:
  struct State;
  const std::shared_ptr<State> state_;  ///< the thread's too: it may outlive this
  std::thread thread_;
};

}  // namespace stressbot
