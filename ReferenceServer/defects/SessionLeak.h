#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace reference::defects {

/// What a session has of its own, in a circle: the connection owns its avatar, the avatar its
/// connection, and nobody breaks the circle when the client goes. Each session leaves its receive
/// buffer behind, 16 KiB.
/// Thread: any.
class SessionLeak {
 public:
  void OnConnected() {
    const auto connection = std::make_shared<Connection>();
    connection->avatar = std::make_shared<Avatar>();
    connection->avatar->connection = connection;  // the mistake: it should be weak
    ++sessions_;
  }
  std::uint64_t sessions() const { return sessions_; }

 private:
  struct Connection;
  struct Avatar {
    std::shared_ptr<Connection> connection;
  };
  struct Connection {
    static constexpr std::size_t kBufferBytes = 16 * 1024;
    std::vector<std::byte> receive_buffer = std::vector<std::byte>(kBufferBytes);
    std::shared_ptr<Avatar> avatar;
  };
  std::atomic<std::uint64_t> sessions_{0};
};

}  // namespace reference::defects
