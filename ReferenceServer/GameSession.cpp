#include "ReferenceServer/GameSession.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <utility>

#include "ReferenceServer/GuestId.h"
#include "ServerCore/thread/Shard.h"

namespace reference {

namespace {

/// Runs work(session) in a turn of the session's shard. Dropped if the session is gone by then:
/// what waits for a database or a room holds a SessionRef and keeps nobody alive.
template <typename Work>
void PostTo(const servercore::SessionRef& who, Work work) {
  who.shard()->Post([who, work = std::move(work)] {
    servercore::Session* session = who.shard()->FindSession(who.id());
    if (session != nullptr) work(static_cast<GameSession&>(*session));
  });
}

}  // namespace

void GameSession::LogInAsGuest() {
  SC_ASSERT(login_ == Login::kNone);
  login_ = Login::kDone;
  const std::uint64_t first_id = GuestId(shard().index(), ref().id(), 0);
  const std::string name = "player-" + std::to_string(first_id);
  for (std::size_t i = 0; i < kCharacterTypes.size(); ++i) {
    const std::uint64_t id = GuestId(shard().index(), ref().id(), i);
    characters_.push_back(
        std::make_shared<const Player>(Player{id, name, kCharacterTypes[i], ref()}));
  }
}

bool GameSession::StartLogin(const std::string& name) {
  SC_ASSERT(login_ == Login::kNone && !name.empty());
  if (!world_.online().Add(name)) return false;
  login_ = Login::kLoading;
  account_name_ = name;
  world_.accounts().Load(name, [who = ref()](servercore::Result<Account> account) {
    PostTo(who,
           [account = std::move(account)](GameSession& session) { session.OnAccount(account); });
  });
  return true;
}

void GameSession::OnAccount(const servercore::Result<Account>& account) {
  if (account) {
    for (const Character& character : *account) {
      characters_.push_back(std::make_shared<const Player>(
          Player{character.id, account_name_, character.type, ref()}));
    }
    login_ = Login::kDone;
  } else {
    world_.online().Remove(account_name_);
    account_name_.clear();
    login_ = Login::kNone;
  }
  Handle_Account(*this, account.error());
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
  if (!account_name_.empty()) world_.online().Remove(account_name_);
  ++counters_.endings[static_cast<std::size_t>(reason)];
  SessionCounts& fate = EndedInOrder(reason) ? counters_.ended_in_order : counters_.ended_otherwise;
  fate.Add(Counts());
}

}  // namespace reference
