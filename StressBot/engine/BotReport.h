#pragma once
#include <fmt/format.h>

#include <chrono>
#include <string_view>

#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotShard.h"

namespace stressbot {

template <typename... Args>
void Bot::Report(std::string_view metric, std::string_view pattern, const Args&... args) {
  if (!shard_.failures().Wants(metric)) return;
  const auto at = shard_.now() - shard_.started_at();
  const double seconds = std::chrono::duration<double>(at).count();
  shard_.failures().Add(metric, at,
                        fmt::format("bot {} at {:.1f} s, {}", id_, seconds,
                                    fmt::format(fmt::runtime(pattern), args...)));
}

}  // namespace stressbot
