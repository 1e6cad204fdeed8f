#pragma once
#include <cstdint>
#include <optional>

#include "StressBot/engine/Bot.h"

namespace stressbot {

/// The numbers and stamps of one step, made when they are needed.
class Bot::Draws final : public RandomSource, public StampWriter {
 public:
  Draws(Bot& bot, DrawFor purpose, std::uint32_t place)
      : bot_(bot), purpose_(purpose), place_(place) {}

  /// Its stamps tell how late they are, and of which fan-out.
  void StampFor(TimePoint due, const std::optional<FanOutSend>& fanout) {
    due_ = due;
    if (fanout) fanout_ = static_cast<std::uint8_t>(fanout->fanout + 1);
  }

  Random& Get() override {
    if (!random_) random_.emplace(bot_.RandomFor(purpose_, place_));
    return *random_;
  }
  void AppendStamp(std::string& out) override { bot_.AppendStamp(due_, fanout_, out); }

 private:
  Bot& bot_;
  const DrawFor purpose_;
  const std::uint32_t place_;
  TimePoint due_ = kNever;
  std::uint8_t fanout_ = 0;
  std::optional<Random> random_;
};

}  // namespace stressbot
