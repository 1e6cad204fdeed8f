#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "ServerCore/io/CompletionPort.h"
#include "ServerCore/thread/Timer.h"

namespace servercore {

class ServerService;
class Shard;

/// Keeps several accepts posted on one listening socket. When descriptors run out it pauses and
/// tries again, since the system would report the same waiting connection for ever.
/// Thread: its shard only. Keeps itself alive until the port has closed its handle.
class Listener final : public IoObject,
                       private Timer,
                       public std::enable_shared_from_this<Listener> {
 public:
  Listener(Shard& shard, ServerService& service) : shard_(shard), service_(&service) {}
  ~Listener() override = default;

  /// Returns the address with its real port. Errors: what the system says; then it may be dropped,
  /// and nothing else called. REQUIRES a shared_ptr to it, and to be called once; in a turn of the
  /// shard or before it has turns.
  Result<NetAddress> Start(const NetAddress& at, int backlog, std::size_t accepts_posted);
  /// From now on the service is not called, so that it may die; waiting connections are reset.
  /// Harmless when repeated. REQUIRES that Start succeeded; in a turn of the shard or when it has
  /// no turns. A shard that never takes another turn would keep the listener for ever.
  void Stop();

 private:
  static constexpr std::chrono::milliseconds kPause{100};
  void OnIo(IoEvent& event) override;
  void OnAccept(AcceptEvent& event);
  void OnTimer(Clock::time_point now) override;

  Shard& shard_;
  ServerService* service_;
  Handle handle_;
  bool closing_ = false;
  std::vector<std::unique_ptr<AcceptEvent>> accepts_;
  std::vector<AcceptEvent*> paused_;
  IoEvent closed_event_;
  std::shared_ptr<Listener> self_;
};

}  // namespace servercore
