#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "StressBot/engine/Distribution.h"

/// What somebody may ask of a run while it goes on, in the words of people: groups by their names.
/// RunControl checks it and makes LoadCommands of it.
namespace stressbot {

struct PauseCommand {};
struct ResumeCommand {};
/// Of closed groups. Without a name: of the only one.
struct BotsCommand {
  std::optional<std::string> group;
  std::uint32_t bots = 0;
  Nanoseconds over{};  ///< changes linearly so long
};
/// Of groups with arrivals, a second.
struct RateCommand {
  std::optional<std::string> group;
  double rate = 0;
  Nanoseconds over{};
};
/// Bots or rate of each group times this; at least one bot more or less, at most the group's most.
struct ScaleCommand {
  double factor = 1;
};
struct DropCommand {
  std::optional<std::string> group;  ///< unset: all
  double share = 1;                  ///< 0 to 1
  bool reset = true;                 ///< else they leave in order
  Distribution away;
};
/// Changes nothing; without a name it gets a number.
struct MarkCommand {
  std::string name;
};
/// Ends the load now, as if its duration were over: bots leave in order and the run is judged.
struct StopCommand {};
/// Ends the run at once; its exit code is 103.
struct AbortCommand {};

using ControlCommand =
    std::variant<PauseCommand, ResumeCommand, BotsCommand, RateCommand, ScaleCommand, DropCommand,
                 MarkCommand, StopCommand, AbortCommand>;

/// What became of a command.
struct ControlAnswer {
  enum class Kind : std::uint8_t {
    kDone,
    kWrong,      ///< there is no such group, or nothing of that size
    kOutOfPlace  ///< right, but not now: paused already, the load is over
  };
  Kind kind = Kind::kDone;
  std::chrono::nanoseconds at{};  ///< since the start of the run
  std::string text;               ///< one sentence

  bool done() const { return kind == Kind::kDone; }
};

}  // namespace stressbot
