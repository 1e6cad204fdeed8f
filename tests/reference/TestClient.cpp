#include "tests/reference/TestClient.h"

#include <chrono>
#include <span>

namespace reference {

namespace {

constexpr std::chrono::seconds kPatience{60};

class ClientSession final : public servercore::PacketSession {
 public:
  ClientSession(const servercore::SessionOptions& options, const servercore::PacketFraming& framing,
                std::shared_ptr<Mailbox> mailbox)
      : PacketSession(options, framing), mailbox_(std::move(mailbox)) {}

 private:
  void OnConnected() override { mailbox_->Opened(ref()); }
  void OnPacket(const servercore::PacketView& packet) override { mailbox_->Arrived(packet); }
  void OnDisconnected(servercore::CloseReason reason, std::error_code) override {
    mailbox_->Ended(reason);
  }

  std::shared_ptr<Mailbox> mailbox_;
};

}  // namespace

void Mailbox::Opened(servercore::SessionRef session) {
  const std::lock_guard lock(mutex_);
  session_ = session;
  changed_.notify_all();
}

void Mailbox::Arrived(const servercore::PacketView& packet) {
  const std::lock_guard lock(mutex_);
  packets_.push_back({packet.id, std::string(reinterpret_cast<const char*>(packet.payload.data()),
                                             packet.payload.size())});
  changed_.notify_all();
}

void Mailbox::Ended(servercore::CloseReason reason) {
  const std::lock_guard lock(mutex_);
  ended_ = reason;
  changed_.notify_all();
}

template <typename Condition>
bool Mailbox::WaitFor(std::unique_lock<std::mutex>& lock, Condition condition) {
  return changed_.wait_for(lock, kPatience, condition);
}

servercore::SessionRef Mailbox::WaitUntilOpened() {
  std::unique_lock lock(mutex_);
  const bool opened = WaitFor(lock, [this] { return session_ || ended_; });
  EXPECT_TRUE(opened && session_) << "not connected";
  return session_.value_or(servercore::SessionRef());
}

std::optional<Mailbox::Packet> Mailbox::WaitForPacket() {
  std::unique_lock lock(mutex_);
  if (!WaitFor(lock, [this] { return !packets_.empty() || ended_; }) || packets_.empty()) {
    ADD_FAILURE() << "no packet; session " << ToString(ended_.value_or(servercore::CloseReason{}));
    return std::nullopt;
  }
  Packet packet = std::move(packets_.front());
  packets_.pop_front();
  return packet;
}

servercore::CloseReason Mailbox::WaitUntilEnded() {
  std::unique_lock lock(mutex_);
  EXPECT_TRUE(WaitFor(lock, [this] { return ended_.has_value(); })) << "still connected";
  return ended_.value_or(servercore::CloseReason::kNone);
}

void TestClient::SendBytes(const std::string& bytes) {
  session().Send(pool_->Copy(std::as_bytes(std::span(bytes))));
}

void TestClient::Disconnect(servercore::CloseKind kind) {
  const servercore::SessionRef ref = session();
  if (!ref) return;
  ref.shard()->Post([ref, kind] {
    if (servercore::Session* open = ref.shard()->FindSession(ref.id())) open->Disconnect(kind);
  });
}

void TestClient::LogIn(const std::string& name) {
  Protocol::C_LOGIN packet;
  packet.set_name(name);
  Send(packet);
}

void TestClient::EnterGame(std::uint64_t index) {
  Protocol::C_ENTER_GAME packet;
  packet.set_playerindex(index);
  Send(packet);
}

void TestClient::Chat(const std::string& text) {
  Protocol::C_CHAT packet;
  packet.set_msg(text);
  Send(packet);
}

void TestClient::Move(std::uint64_t player, double x, double y) {
  Protocol::C_MOVE packet;
  packet.mutable_info()->set_objectid(player);
  packet.mutable_info()->set_x(x);
  packet.mutable_info()->set_y(y);
  Send(packet);
}

Protocol::S_ENTER_GAME TestClient::Join(const std::string& name) {
  LogIn(name);
  EXPECT_TRUE(Expect<Protocol::S_LOGIN>().success());
  EnterGame();
  return Expect<Protocol::S_ENTER_GAME>();
}

TestClients::TestClients(const servercore::NetAddress& server) : server_(server) {
  shards_.Start();
}

TestClients::~TestClients() {
  pool_.Drop();
  shards_.Shutdown(kPatience);
}

TestClient TestClients::Connect() {
  auto mailbox = std::make_shared<Mailbox>();
  shards_.shard(0).Post([this, mailbox] {
    service_.Connect(std::make_unique<ClientSession>(service_.session_options(), framing_, mailbox),
                     server_);
  });
  return {std::move(mailbox), pool_};
}

std::vector<TestClient> TestClients::Connect(std::size_t count) {
  std::vector<TestClient> clients;
  for (std::size_t i = 0; i < count; ++i) clients.push_back(Connect());
  return clients;
}

}  // namespace reference
