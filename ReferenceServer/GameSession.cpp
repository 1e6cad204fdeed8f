#include "ReferenceServer/GameSession.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <string>

namespace reference {

void GameSession::LogIn(std::string_view name) {
  SC_ASSERT(!logged_in());
  constexpr std::array<Protocol::PlayerType, kCharacters> kTypes{Protocol::PLAYER_TYPE_KNIGHT,
                                                                 Protocol::PLAYER_TYPE_MAGE};
  const std::uint64_t first_id = world_.TakePlayerIds(kCharacters);
  const std::string used = name.empty() ? "player-" + std::to_string(first_id) : std::string(name);
  for (std::size_t i = 0; i < kCharacters; ++i) {
    characters_.push_back(
        std::make_shared<const Player>(Player{first_id + i, used, kTypes[i], ref()}));
  }
}

void GameSession::EnterGame(std::size_t index) {
  SC_ASSERT(room_ == nullptr && index < characters_.size());
  player_ = characters_[index];
  room_ = world_.rooms().TakePlace();
}

SessionCounts GameSession::Counts() const {
  SessionCounts counts{.sessions = 1};
  std::ranges::copy(received_, counts.received.begin());
  std::ranges::copy(replied_, counts.sent.begin());
  // What did not come by Reply came by the inbox from the room, which broadcasts chats only.
  const auto replies = std::accumulate(replied_.begin(), replied_.end(), std::uint32_t{0});
  counts.sent[Protocol::PacketIndex(Protocol::PKT_S_CHAT)] += sends_queued() - replies;
  return counts;
}

void GameSession::OnPacket(const servercore::PacketView& packet) {
  const bool handled = Protocol::ClientPacketHandler<GameSession>::Dispatch(*this, packet);
  ++received_[handled ? Protocol::PacketIndex(packet.id) : kInvalidPacket];
}

void GameSession::OnBadPacket(servercore::PacketError) { Count(Refusal::kBadFraming); }

void GameSession::OnDisconnected(servercore::CloseReason reason, std::error_code) {
  if (room_ != nullptr) {
    room_->Push(&Room::Leave, player_);
    world_.rooms().FreePlace(*room_);
  }
  ++counters_.endings[static_cast<std::size_t>(reason)];
  SessionCounts& fate = EndedInOrder(reason) ? counters_.ended_in_order : counters_.ended_otherwise;
  fate.Add(Counts());
}

}  // namespace reference
