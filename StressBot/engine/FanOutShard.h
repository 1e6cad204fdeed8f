#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ServerCore/thread/Timer.h"
#include "StressBot/engine/Audience.h"
#include "StressBot/engine/Program.h"

namespace stressbot {

class BotShard;
class FanOutBot;

/// Counts what is sent to audiences and judges, second by second, whether each member heard it.
///
/// A second is judged when the last of it should have been heard: each shard then tells the others
/// what its bots sent, and when all have told, each compares that with what its own members heard.
/// Judged are only members that were so from a second before until then; and no second in which a
/// sender was cut before the server was known to have its packet. So neither coming nor going is
/// taken for a loss. Thread: its shard only.
class FanOutShard final : private servercore::Timer {
 public:
  FanOutShard(BotShard& shard, const Program& program, std::size_t index, std::size_t shards);
  ~FanOutShard() override;

  void Start();
  /// All of its bots have ended: the others need not wait for it any more.
  void Finish();
  /// Those of all shards, this one included, by index. Once, before Start.
  void Meet(std::vector<FanOutShard*> all) { all_ = std::move(all); }

  const Program& program() const { return program_; }
  BotShard& shard() { return shard_; }
  std::size_t slots() const { return slots_; }  ///< seconds that are remembered
  Second Now() const;
  /// The first second that is not judged yet.
  Second next_judged() const { return next_judged_; }
  servercore::Clock::time_point BeginningOf(Second second) const;

  /// Lives while it has members, or was used in one of the seconds that are remembered.
  Audience& AudienceOf(std::uint8_t server, std::string_view name);
  void Add(FanOutBot& member);
  void Remove(FanOutBot& member);

 private:
  /// What a shard's bots sent in one second.
  struct Report {
    struct Entry {
      std::uint8_t server = 0;
      std::string audience;
      std::uint8_t fanout = 0;
      std::uint32_t sent = 0;
      bool uncertain = false;
    };
    Second second = 0;
    std::vector<Entry> entries;
  };
  void OnTimer(servercore::Clock::time_point now) override;
  const std::string& KeyOf(std::uint8_t server, std::string_view name);
  void Publish(Second second);
  void Tell(const std::shared_ptr<const Report>& report);
  void Hear(std::size_t from, const Report& report);
  void Judge(Second second);
  void Forget(Second now);

  BotShard& shard_;
  const Program& program_;
  const std::size_t index_;
  const Second wait_;  ///< from the end of a second until it is judged
  const std::size_t slots_;
  std::unordered_map<std::string, std::unique_ptr<Audience>> audiences_;  ///< by server and name
  std::string key_;                                                       ///< room for one
  std::vector<FanOutBot*> members_;
  std::vector<FanOutShard*> all_;
  std::vector<Second> told_;  ///< by shard: the last second it has told of
  Second next_published_ = 0;
  Second next_judged_ = 0;
};

}  // namespace stressbot
