#include "ReferenceServer/defects/RoomLock.h"

#include "ReferenceServer/defects/NativeSend.h"

namespace reference::defects {

RoomLock::Room& RoomLock::RoomOf(std::uint64_t id) {
  const std::lock_guard lock(rooms_lock_);
  std::unique_ptr<Room>& room = rooms_[id];
  if (room == nullptr) room = std::make_unique<Room>();
  return *room;
}

void RoomLock::Enter(std::uint64_t room, const servercore::Session& session) {
  Room& entered = RoomOf(room);
  const std::lock_guard lock(entered.lock);
  entered.members.push_back({session.ref(), session.native_socket()});
}

void RoomLock::Leave(std::uint64_t room, const servercore::SessionRef& session) {
  Room& left = RoomOf(room);
  const std::lock_guard lock(left.lock);
  std::erase_if(left.members, [&](const Member& member) { return member.session == session; });
}

void RoomLock::Chat(std::uint64_t room, std::span<const std::byte> packet) {
  ++chats_;
  Room& spoken_in = RoomOf(room);
  const std::lock_guard lock(spoken_in.lock);  // the mistake: until all of it is sent
  for (const Member& member : spoken_in.members) NativeSendAll(member.socket, packet);
}

}  // namespace reference::defects
