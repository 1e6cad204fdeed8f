#include "ReferenceServer/GameSession.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <utility>

#include "ReferenceServer/GuestId.h"
#include "ReferenceServer/accounts/AccountError.h"
#include "ReferenceServer/defects/SizeZero.h"
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
    AddCharacter({GuestId(shard().index(), ref().id(), i), kCharacterTypes[i], {}}, name);
  }
}

void GameSession::StartLogin(const std::string& name) {
  SC_ASSERT(login_ == Login::kNone && !name.empty());
  // Before the name is claimed: whoever plays under it would lose it for nothing.
  if (world_.accounts().IsBusy()) return Handle_Account(*this, AccountError::kBusy);
  login_ = Login::kLoading;
  account_name_ = name;
  const OnlineAccounts::Claimed claimed = world_.online().Claim(name, {ref(), ++claim_});
  if (claimed.granted) return LoadAccount();
  PostTo(claimed.taken_over.session,
         [claim = claimed.taken_over.claim](GameSession& session) { session.BeTakenOver(claim); });
}

void GameSession::LoadAccount() {
  if (account_name_.empty()) return;  // taken over before it had the name: that is for good
  world_.accounts().Load(account_name_, [who = ref()](servercore::Result<Account> account) {
    PostTo(who,
           [account = std::move(account)](GameSession& session) { session.OnAccount(account); });
  });
}

void GameSession::BeTakenOver(std::uint32_t claim) {
  if (account_name_.empty() || claim != claim_) return;
  if (room_ != nullptr) FreePlace();
  LeaveAccount();
  login_ = Login::kTakenOver;
  Handle_TakenOver(*this);
}

void GameSession::LeaveAccount() {
  if (account_name_.empty()) return;
  SaveWhatMoved();  // for the last time: the account may be another session's then
  const std::string name = std::exchange(account_name_, {});
  const servercore::SessionRef next = world_.online().Release(name, ref());
  if (!next) return;
  PostTo(next, [](GameSession& session) { session.LoadAccount(); });
}

void GameSession::OnAccount(const servercore::Result<Account>& account) {
  if (login_ != Login::kLoading) return;  // taken over meanwhile
  if (account) {
    for (const Character& character : *account) AddCharacter(character, account_name_);
    login_ = Login::kDone;
  } else {
    LeaveAccount();
    login_ = Login::kNone;
  }
  Handle_Account(*this, account.error());
}

void GameSession::AddCharacter(const Character& character, const std::string& name) {
  // A file may say anything: who is nowhere begins in the middle.
  const Position at = IsOnMap(character.position) ? character.position : Position();
  auto player = std::make_shared<const Player>(Player{character.id, name, character.type, ref()});
  characters_.push_back({std::move(player), at, character.position});
}

void GameSession::EnterGame(std::size_t index) {
  SC_ASSERT(room_ == nullptr && !leaving_ && index < characters_.size());
  chosen_ = index;
  room_ = world_.rooms().TakePlace();
  if (defects().room_lock) defects().room_lock->Enter(room_->id(), *this);
  if (defects().players) defects().players->Enter(player());
}

void GameSession::FreePlace() {
  if (defects().room_lock) defects().room_lock->Leave(room_->id(), ref());
  if (defects().spawn_list) defects().spawn_list->Leave(room_->id(), player());
  if (!defects().players) room_->Push(&Room::Leave, player(), position());
  world_.rooms().FreePlace(*room_);
  room_ = nullptr;
}

void GameSession::LeaveGame() {
  const RoomRef room = room_;
  FreePlace();
  leaving_ = true;
  // Behind the Leave in the room, so behind all that the room sends to this session.
  room->Push(servercore::Task(
      [who = ref()] { PostTo(who, [](GameSession& session) { session.OnLeft(); }); }));
}

void GameSession::OnLeft() {
  const OwnCharacter& own = characters_[chosen_];
  const bool is_guest = account_name_.empty();
  if (is_guest || IsKept(own)) {
    leaving_ = false;
    return Handle_Left(*this, is_guest ? "guests are not kept" : "");
  }
  Save([](GameSession& session, std::error_code error) {
    session.leaving_ = false;
    Handle_Left(session, error ? ToString(Refusal::kAccountsFail) : "");
  });
}

void GameSession::KeepPosition() {
  if (account_name_.empty()) return;  // a guest
  const OwnCharacter& own = characters_[chosen_];
  // One at a time: a database that is behind is not given more to do.
  if (own.is_saving || IsKept(own)) return;
  Save([](GameSession&, std::error_code) {});  // one that fails is tried again the next time
}

template <typename Then>
void GameSession::Save(Then then) {
  OwnCharacter& own = characters_[chosen_];
  own.is_saving = true;
  world_.accounts().Save(
      own.player->id, own.position,
      [who = ref(), index = chosen_, position = own.position, then](std::error_code error) {
        PostTo(who, [index, position, error, then](GameSession& session) {
          OwnCharacter& saved = session.characters_[index];
          saved.is_saving = false;
          if (!error) saved.kept = position;
          then(session, error);
        });
      });
}

void GameSession::SaveWhatMoved() {
  for (const OwnCharacter& own : characters_) {
    if (!IsKept(own)) world_.accounts().Save(own.player->id, own.position);
  }
}

void GameSession::DropSilent() {
  Count(Refusal::kNoHeartbeat);
  Fail(servercore::CloseReason::kIdle);
}

SessionCounts GameSession::Counts() const {
  SessionCounts counts{.sessions = 1};
  std::ranges::copy(received_, counts.received.begin());
  std::ranges::copy(replied_, counts.sent.begin());
  // What did not come by Reply came by the inbox from a room.
  const auto replies = std::accumulate(replied_.begin(), replied_.end(), std::uint32_t{0});
  counts.sent[kBroadcast] = sends_queued() - replies;
  return counts;
}

void GameSession::OnConnected() {
  if (world_.heartbeat_timeout().count() > 0) heartbeat_.Begin(world_.heartbeat_timeout());
  if (defects().broadcast) broadcast_member_ = defects().broadcast->Join(*this);
  if (defects().session_leak) defects().session_leak->OnConnected();
}

servercore::RecvProgress GameSession::OnRecv(std::span<const std::byte> bytes) {
  if (!defects().Has(Defect::kSizeZero)) return PacketSession::OnRecv(bytes);
  return defects::RecvWithoutLowerBound(
      bytes, [this](const servercore::PacketView& packet) { OnPacket(packet); });
}

std::optional<std::uint32_t> GameSession::HandleAny(GameSession& session,
                                                    const servercore::PacketView& packet) {
  if (session.protocol_ == WireProtocol::kPacked) return packed::Dispatch(session, packet);
  if (!Protocol::ClientPacketHandler<GameSession>::Dispatch(session, packet)) return std::nullopt;
  return packet.id;
}

void GameSession::OnPacket(const servercore::PacketView& packet) {
  auto* const table = defects().handler_table.get();
  const auto handled = table != nullptr ? table->Call(*this, packet) : HandleAny(*this, packet);
  ++received_[handled ? Protocol::PacketIndex(*handled) : kInvalidPacket];
}

void GameSession::OnBadPacket(servercore::PacketError) { Count(Refusal::kBadFraming); }

void GameSession::OnDisconnected(servercore::CloseReason reason, std::error_code) {
  heartbeat_.End();
  if (broadcast_member_ != nullptr) defects().broadcast->Leave(broadcast_member_);
  if (room_ != nullptr) FreePlace();
  LeaveAccount();
  ++counters_.endings[static_cast<std::size_t>(reason)];
  SessionCounts& fate = EndedInOrder(reason) ? counters_.ended_in_order : counters_.ended_otherwise;
  fate.Add(Counts());
}

}  // namespace reference
