#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "ServerCore/io/CompletionPort.h"
#include "ServerCore/net/NetAddress.h"
#include "ServerCore/net/Session.h"
#include "ServerCore/thread/Timer.h"

namespace servercore {

class Listener;
class Shard;
class ShardGroup;

/// What sessions have in common: their options, and how many there are.
/// Lives longer than its sessions. Thread: the counts any, else as said.
class Service {
 public:
  explicit Service(SessionOptions options) : session_options_(options) {}
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  virtual ~Service();  ///< REQUIRES session_count() == 0

  const SessionOptions& session_options() const { return session_options_; }
  std::size_t session_count() const { return sessions_.load(std::memory_order_relaxed); }

 protected:
  friend class Session;
  friend class Shard;
  virtual void OnSessionAdded() { sessions_.fetch_add(1, std::memory_order_relaxed); }
  virtual void OnSessionRemoved() { sessions_.fetch_sub(1, std::memory_order_relaxed); }
  virtual void OnConnectFinished(Session& session) { static_cast<void>(session); }

 private:
  const SessionOptions session_options_;
  std::atomic<std::size_t> sessions_{0};
};

/// Makes the session for a connection that was accepted. Called on the shard that will own it.
using SessionFactory =
    std::function<std::unique_ptr<Session>(Shard& shard, const NetAddress& peer)>;

struct ServerServiceOptions {
  SessionOptions session;
  std::size_t sessions_max = 100'000;  ///< further connections are reset at once and counted
  int backlog = 4'096;
  /// How many connections one turn takes at most: too few, and a busy shard accepts slower than
  /// clients come.
  std::size_t accepts_posted = 128;
};

/// Listens on the group's first shard and spreads what it accepts over all of them in turn.
class ServerService : public Service {
 public:
  ServerService(ShardGroup& shards, SessionFactory factory, const ServerServiceOptions& options);
  ~ServerService() override;

  /// Returns the address with its real port. REQUIRES to be called before the shards run, or on the
  /// first shard.
  Result<NetAddress> Start(const NetAddress& at);
  /// Stops accepting; sessions stay. REQUIRES the first shard. Call before the shards shut down.
  void Stop();
  bool listening() const { return listener_ != nullptr; }

  /// Connections that became sessions.
  std::size_t accepted() const { return accepted_.load(std::memory_order_relaxed); }
  /// Connections reset because of sessions_max.
  std::size_t refused_full() const { return refused_full_.load(std::memory_order_relaxed); }
  /// Connections reset because the system would not let them join their shard's port.
  std::size_t failed_to_attach() const { return failed_to_attach_.load(std::memory_order_relaxed); }
  /// How often accepting paused because descriptors ran out.
  std::size_t accept_pauses() const { return accept_pauses_.load(std::memory_order_relaxed); }

 private:
  friend class Listener;
  void OnAccepted(DetachedSocket socket, const NetAddress& peer);
  void Adopt(Shard& shard, DetachedSocket socket, const NetAddress& peer);
  void OnSessionRemoved() override;

  ShardGroup& shards_;
  const SessionFactory factory_;
  const ServerServiceOptions options_;
  std::shared_ptr<Listener> listener_;
  std::size_t next_shard_ = 0;
  std::size_t admitted_ = 0;  ///< first shard's: accepted and not known to be gone
  std::atomic<std::size_t> removed_{0};
  std::atomic<std::size_t> accepted_{0}, refused_full_{0}, failed_to_attach_{0}, accept_pauses_{0};
};

struct ClientServiceOptions {
  SessionOptions session;
  std::size_t connects_in_flight_max = 4'096;  ///< further ones wait in order
  /// Told how long a connect had to wait for the limit. May be empty.
  std::function<void(Clock::duration waited)> on_waited;
};

/// Opens connections from one shard. Thread: that shard's.
class ClientService : public Service {
 public:
  ClientService(Shard& shard, const ClientServiceOptions& options);

  /// Adds the session to the shard and connects it as soon as the limit allows. The outcome comes
  /// by OnConnected or OnDisconnected, never from inside. `from` picks the source address (any if
  /// null).
  Session& Connect(std::unique_ptr<Session> session, const NetAddress& to,
                   const NetAddress* from = nullptr);

  std::size_t connects_in_flight() const { return in_flight_; }
  std::size_t connects_waiting() const { return waiting_.size(); }

 private:
  struct Waiting {
    SessionId id;
    NetAddress to;
    std::optional<NetAddress> from;
    Clock::time_point since;
  };
  void OnConnectFinished(Session& session) override;
  void StartWaiting();

  Shard& shard_;
  const ClientServiceOptions options_;
  std::size_t in_flight_ = 0;
  std::deque<Waiting> waiting_;
};

}  // namespace servercore
