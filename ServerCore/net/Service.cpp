#include "ServerCore/net/Service.h"

#include "ServerCore/Assert.h"
#include "ServerCore/net/Listener.h"
#include "ServerCore/thread/Shard.h"
#include "ServerCore/thread/ShardGroup.h"

namespace servercore {

Service::~Service() { SC_ASSERT(session_count() == 0); }

ServerService::ServerService(ShardGroup& shards, SessionFactory factory,
                             const ServerServiceOptions& options)
    : Service(options.session), shards_(shards), factory_(std::move(factory)), options_(options) {}

ServerService::~ServerService() { SC_ASSERT(!listening()); }

Result<NetAddress> ServerService::Start(const NetAddress& at) {
  listener_ = std::make_shared<Listener>(shards_.shard(0), *this);
  Result<NetAddress> address = listener_->Start(at, options_.backlog, options_.accepts_posted);
  if (!address) listener_.reset();
  return address;
}

void ServerService::Stop() {
  if (listener_ == nullptr) return;
  listener_->Stop();
  listener_.reset();
}

void ServerService::OnAccepted(DetachedSocket socket, const NetAddress& peer) {
  if (admitted_ - removed_.load(std::memory_order_relaxed) >= options_.sessions_max) {
    refused_full_.fetch_add(1, std::memory_order_relaxed);
    return;  // the socket's end resets the peer
  }
  ++admitted_;
  Shard& shard = shards_.shard(next_shard_);
  next_shard_ = (next_shard_ + 1) % shards_.size();
  if (shard.IsCurrent()) {
    Adopt(shard, std::move(socket), peer);
    return;
  }
  shard.Post([this, &shard, socket = std::move(socket), peer]() mutable {
    Adopt(shard, std::move(socket), peer);
  });
}

void ServerService::Adopt(Shard& shard, DetachedSocket socket, const NetAddress& peer) {
  Result<Handle> handle = shard.port().Attach(std::move(socket));
  if (!handle) {
    failed_to_attach_.fetch_add(1, std::memory_order_relaxed);
    removed_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  accepted_.fetch_add(1, std::memory_order_relaxed);
  Session& session = shard.AddSession(factory_(shard, peer), this);
  session.handle_ = *handle;
  session.Opened();
}

void ServerService::OnSessionRemoved() {
  removed_.fetch_add(1, std::memory_order_relaxed);
  Service::OnSessionRemoved();
}

ClientService::ClientService(Shard& shard, const ClientServiceOptions& options)
    : Service(options.session), shard_(shard), options_(options) {}

Session& ClientService::Connect(std::unique_ptr<Session> session, const NetAddress& to,
                                const NetAddress* from) {
  Session& added = shard_.AddSession(std::move(session), this);
  added.state_ = Session::State::kConnecting;
  if (in_flight_ < options_.connects_in_flight_max && waiting_.empty()) {
    if (added.StartConnect(to, from)) ++in_flight_;
  } else {
    waiting_.push_back(
        {added.id_, to, from != nullptr ? std::optional(*from) : std::nullopt, shard_.now()});
  }
  return added;
}

void ClientService::OnConnectFinished(Session&) {
  --in_flight_;
  StartWaiting();
}

void ClientService::StartWaiting() {
  while (in_flight_ < options_.connects_in_flight_max && !waiting_.empty()) {
    const Waiting next = waiting_.front();
    waiting_.pop_front();
    // Also for one that gave up meanwhile: it was our limit that kept it waiting.
    if (options_.on_waited) options_.on_waited(shard_.now() - next.since);
    Session* session = shard_.FindSession(next.id);
    if (session == nullptr || session->state() != Session::State::kConnecting) continue;  // gave up
    if (session->StartConnect(next.to, next.from ? &*next.from : nullptr)) ++in_flight_;
  }
}

}  // namespace servercore
