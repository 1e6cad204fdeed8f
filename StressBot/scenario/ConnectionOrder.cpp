#include "StressBot/scenario/ConnectionOrder.h"

namespace stressbot {

void ConnectionOrder::Note(std::uint8_t server, First action) {
  if (at(server).first == First::kNothing) at(server).first = action;
}

bool ConnectionOrder::Connect(std::uint8_t server, bool may_fail) {
  const bool was_open = at(server).state == State::kOpen;
  Note(server, First::kConnect);
  at(server).state = may_fail ? State::kUnknown : State::kOpen;
  return !was_open;
}

bool ConnectionOrder::Use(std::uint8_t server) {
  Note(server, First::kUse);
  if (at(server).state != State::kClosed) return true;
  at(server).state = State::kUnknown;  // one message is enough
  return false;
}

bool ConnectionOrder::Disconnect(std::uint8_t server) {
  const bool was_open = Use(server);
  at(server).state = State::kClosed;
  return was_open;
}

void ConnectionOrder::Join(const ConnectionOrder& other) {
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    const auto server = static_cast<std::uint8_t>(i);
    const Connection& theirs = other.connections_[i];
    if (at(server).state != theirs.state) Forget(server);
    if (theirs.first != First::kNothing) Note(server, theirs.first);
  }
}

ConnectionOrder ConnectionOrder::BeginPass() {
  const ConnectionOrder before = *this;
  for (Connection& connection : connections_) connection.first = First::kNothing;
  return before;
}

std::optional<ConnectionOrder::Mistake> ConnectionOrder::EndPass(const ConnectionOrder& before) {
  std::optional<Mistake> mistake;
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    Connection& connection = connections_[i];
    const auto server = static_cast<std::uint8_t>(i);
    if (connection.first == First::kConnect && connection.state == State::kOpen)
      mistake = Mistake{server, true};
    if (connection.first == First::kUse && connection.state == State::kClosed)
      mistake = Mistake{server, false};
    if (before.connections_[i].first != First::kNothing)
      connection.first = before.connections_[i].first;
  }
  return mistake;
}

}  // namespace stressbot
