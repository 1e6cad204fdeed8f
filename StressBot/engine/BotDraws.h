#pragma once
#include <cstdint>
#include <optional>

#include "StressBot/engine/Bot.h"

namespace stressbot {

/// The numbers of one step, made when the first is drawn.
class Bot::Draws final : public RandomSource {
 public:
  Draws(const Bot& bot, DrawFor purpose, std::uint32_t place)
      : bot_(bot), purpose_(purpose), place_(place) {}

  Random& Get() override {
    if (!random_) random_.emplace(bot_.RandomFor(purpose_, place_));
    return *random_;
  }

 private:
  const Bot& bot_;
  const DrawFor purpose_;
  const std::uint32_t place_;
  std::optional<Random> random_;
};

}  // namespace stressbot
