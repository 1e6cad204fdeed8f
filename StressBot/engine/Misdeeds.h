#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "ServerCore/io/CompletionPort.h"
#include "ServerCore/net/SendBuffer.h"

namespace stressbot {

/// How far a hostile step of one bot is.
struct Misdeed {
  servercore::SendBuffer rest;                 ///< of a packet that is cut into bytes
  std::uint32_t left = 0;                      ///< packets of a flood
  servercore::Clock::time_point give_up_at{};  ///< a flood that the server does not take
  bool replied = false;
  bool done = false;  ///< from here on the server's turn
};

/// Those of a shard that are under way: bots have no room for them, since most never need it.
/// Thread: its shard only.
class Misdeeds {
 public:
  std::uint32_t Begin() {
    if (free_.empty()) {
      list_.emplace_back();
      return static_cast<std::uint32_t>(list_.size() - 1);
    }
    const std::uint32_t place = free_.back();
    free_.pop_back();
    return place;
  }
  Misdeed& at(std::uint32_t place) { return list_[place]; }
  void End(std::uint32_t place) {
    list_[place] = {};
    free_.push_back(place);
  }

 private:
  std::vector<Misdeed> list_;
  std::vector<std::uint32_t> free_;
};

}  // namespace stressbot
