#include "ReferenceServer/defects/BroadcastDisconnect.h"

#include <fmt/format.h>

#include <cstdio>
#include <system_error>

#include "PacketCodec.h"
#include "Protocol.pb.h"
#include "ReferenceServer/defects/NativeSend.h"
#include "ServerCore/net/SendBuffer.h"
#include "ServerCore/thread/Shard.h"

namespace reference::defects {

namespace {

servercore::SendBuffer ChatToAll(servercore::SendBufferPool& pool) {
  Protocol::S_CHAT chat;
  chat.set_msg("to everybody");
  auto packet =
      Protocol::SerializePacket(pool, chat, Protocol::PacketIdOf<Protocol::S_CHAT>::value);
  SC_ASSERT(packet);  // it is short
  return *std::move(packet);
}

}  // namespace

BroadcastDisconnect::BroadcastDisconnect() : thread_([this] { WalkUntilStopped(); }) {}

void BroadcastDisconnect::Stop() {
  {
    const std::lock_guard lock(stop_lock_);
    stopping_ = true;
  }
  stop_.notify_one();
  if (thread_.joinable()) thread_.join();
}

BroadcastDisconnect::MemberRef BroadcastDisconnect::Join(const servercore::Session& session) {
  auto member = std::make_shared<Member>(Member{session.native_socket(), session.ref()});
  const std::lock_guard lock(lock_);
  sessions_.insert(member);
  return member;
}

void BroadcastDisconnect::Leave(const MemberRef& member) {
  const std::lock_guard lock(lock_);
  sessions_.erase(member);
}

BroadcastCounts BroadcastDisconnect::counts() const { return {walks_, failed_sends_}; }

void BroadcastDisconnect::WalkUntilStopped() {
  servercore::SendBufferManager buffers;
  servercore::SendBufferPool pool(buffers);
  const servercore::SendBuffer packet = ChatToAll(pool);
  std::unique_lock lock(stop_lock_);
  while (!stop_.wait_for(lock, kPeriod, [this] { return stopping_; })) {
    lock.unlock();
    Broadcast(packet.bytes());
    lock.lock();
  }
}

void BroadcastDisconnect::Broadcast(std::span<const std::byte> packet) {
  const std::lock_guard lock(lock_);
  ++walks_;
  told_ = false;
  for (const MemberRef& member : sessions_) Send(member, packet);
}

void BroadcastDisconnect::Send(const MemberRef& member, std::span<const std::byte> packet) {
  const std::error_code error = NativeSend(member->socket, packet);
  if (!error) return;
  ++failed_sends_;
  if (!std::exchange(told_, true)) {
    fmt::print(stderr,
               "reference-server: defect broadcast-disconnect: in walk {} of {} sessions a send "
               "failed ({}), "
               "its session leaves the set that is being walked\n",
               walks_.load(), sessions_.size(), error.message());
  }
  Disconnect(MemberRef(member));  // its own reference: the set's is about to go
}

void BroadcastDisconnect::Disconnect(const MemberRef& member) {
  Leave(member);  // the mistake: OnDisconnected, from inside Send, from inside the walk
  member->session.shard()->Post([session = member->session] {
    servercore::Session* found = session.shard()->FindSession(session.id());
    if (found != nullptr) found->Disconnect(servercore::CloseKind::kReset);
  });
}

}  // namespace reference::defects
