#pragma once
#include <fmt/format.h>

#include <chrono>
#include <string>
#include <string_view>

#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/metrics/Format.h"

namespace stressbot {

inline std::string SpanText(Nanoseconds span) {
  return FormatLatency(static_cast<double>(span.count()));
}

template <typename... Args>
void Bot::Report(std::string_view metric, std::string_view pattern, const Args&... args) {
  if (!WantsReport(metric)) return;
  AddReport(metric, fmt::format(fmt::runtime(pattern), args...));
}

template <typename... Args>
void Bot::Note(std::string_view pattern, const Args&... args) {
  if (followed_) AddNote(fmt::format(fmt::runtime(pattern), args...));
}

}  // namespace stressbot
