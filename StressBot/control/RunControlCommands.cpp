#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "StressBot/control/RunControl.h"
#include "StressBot/engine/LoadRun.h"
#include "StressBot/metrics/Format.h"

/// What RunControl does with commands: each is checked and told, and what the bots must know goes
/// to their shards as a LoadCommand.
namespace stressbot {

namespace {

constexpr std::size_t kNameBytesMax = 100;
/// Arrivals are numbered with 32 bits.
constexpr double kArrivalsMax = 4'294'967'295.0;

std::string Within(Nanoseconds over) {
  return over > Nanoseconds::zero() ? " within " + FormatSpan(over) : "";
}

std::string BotsText(std::uint64_t bots) {
  return FormatCount(bots) + (bots == 1 ? " bot" : " bots");
}

}  // namespace

ControlAnswer RunControl::Do(const ControlCommand& command) {
  const std::lock_guard lock(mutex_);
  if (auto why_not = WhyNotNow()) return *why_not;
  return std::visit([this](const auto& what) { return Carry(what); }, command);
}

std::optional<ControlAnswer> RunControl::WhyNotNow() const {
  switch (State()) {
    case RunState::kStarting:
      return Refused(Kind::kOutOfPlace, "the load has not begun yet; ask again when it runs");
    case RunState::kOver:
      return Refused(Kind::kOutOfPlace, "the run is over");
    case RunState::kStopping:
    case RunState::kRunning:
    case RunState::kPaused:
      break;
  }
  return std::nullopt;
}

ControlAnswer RunControl::Refused(Kind kind, std::string text) const {
  return {kind, Elapsed(), std::move(text)};
}

ControlAnswer RunControl::Done(std::string text, bool changes) {
  changed_ = changed_ || changes;
  ControlAnswer answer{Kind::kDone, Elapsed(), std::move(text)};
  notes_.push_back({answer.at, answer.text});
  return answer;
}

std::optional<std::uint16_t> RunControl::FindGroup(const std::optional<std::string>& name,
                                                   bool is_open, std::string& why) const {
  std::vector<std::uint16_t> fitting;
  std::string names;
  for (std::uint16_t i = 0; i < GroupCount(); ++i) {
    const Group& group = program_.groups[i];
    if (name && *name == group.name && group.arrivals.has_value() != is_open) {
      why = is_open ? "group \"" + *name + "\" has no arrivals: change its bots"
                    : "group \"" + *name + "\" has arrivals: change its rate";
      return std::nullopt;
    }
    if (group.arrivals.has_value() != is_open) continue;
    names += (names.empty() ? "" : ", ") + group.name;
    if (!name || *name == group.name) fitting.push_back(i);
  }
  if (fitting.size() == 1) return fitting.front();
  if (names.empty()) {
    why = is_open ? "no group has arrivals" : "every group has arrivals: change their rate";
  } else {
    why = (name ? "no group \"" + *name + "\"" : std::string("say which \"group\"")) +
          "; there is " + names;
  }
  return std::nullopt;
}

ControlAnswer RunControl::Carry(const PauseCommand&) {
  if (State() != RunState::kRunning) {
    return Refused(Kind::kOutOfPlace,
                   State() == RunState::kPaused ? "paused already" : "the load is over");
  }
  const PauseLoad pause{Elapsed()};
  clock_.Pause(pause.at);
  pauses_.push_back({pause.at, pause.at});
  run_->Post(pause);
  return Done("by hand: the load is paused");
}

ControlAnswer RunControl::Carry(const ResumeCommand&) {
  if (State() != RunState::kPaused) return Refused(Kind::kOutOfPlace, "it is not paused");
  const ResumeLoad resume{Elapsed()};
  const Nanoseconds length = GoOn(resume.at);
  run_->Post(resume);
  return Done("by hand: the load goes on, after " + FormatSpan(length));
}

ControlAnswer RunControl::Carry(const BotsCommand& command) {
  std::string why;
  const auto group = FindGroup(command.group, false, why);
  if (!group) return Refused(Kind::kWrong, why);
  const Group& what = program_.groups[*group];
  if (what.iterations > 0) {
    return Refused(Kind::kWrong, "the bots of group \"" + what.name +
                                     "\" each do a number of iterations: they cannot be changed");
  }
  if (command.bots > what.BotsPossible()) {
    return Refused(Kind::kWrong,
                   fmt::format("group \"{}\" has {} at most; \"maxBots\" in the scenario allows "
                               "more",
                               what.name, BotsText(what.BotsPossible())));
  }
  if (stopping_ || IsOver(*group))
    return Refused(Kind::kOutOfPlace, "the load of group \"" + what.name + "\" is over");
  SetBots(*group, command.bots, command.over);
  return Done(fmt::format("by hand: {} goes to {}{}", what.name, BotsText(command.bots),
                          Within(command.over)));
}

void RunControl::SetBots(std::uint16_t group, std::uint32_t bots, Nanoseconds over) {
  const ChangeBots change{group, bots, LoadTime(), over};
  targets_[group].bots.Change(change.at, change.over, change.bots);
  run_->Post(change);
}

ControlAnswer RunControl::Carry(const RateCommand& command) {
  std::string why;
  const auto group = FindGroup(command.group, true, why);
  if (!group) return Refused(Kind::kWrong, why);
  const Group& what = program_.groups[*group];
  if (stopping_ || IsOver(*group))
    return Refused(Kind::kOutOfPlace, "the load of group \"" + what.name + "\" is over");
  const double left =
      std::chrono::duration<double>(targets_[*group].bots.end() - LoadTime()).count();
  const auto so_far = static_cast<double>(targets_[*group].arrivals->count());
  if (!(command.rate >= 0) || so_far + command.rate * left > kArrivalsMax)
    return Refused(Kind::kWrong, "such a rate would bring more than 4,294,967,295 arrivals");
  SetRate(*group, command.rate, command.over);
  return Done(fmt::format("by hand: {} goes to {}/s{}", what.name, FormatShort(command.rate),
                          Within(command.over)));
}

void RunControl::SetRate(std::uint16_t group, double rate, Nanoseconds over) {
  const ChangeRate change{group, rate, LoadTime(), over};
  targets_[group].arrivals->Change(change.at - program_.groups[group].start_time, change.over,
                                   change.rate);
  run_->Post(change);
}

ControlAnswer RunControl::Carry(const ScaleCommand& command) {
  std::string done;
  for (std::uint16_t i = 0; i < GroupCount(); ++i) {
    const Group& group = program_.groups[i];
    if (stopping_ || IsOver(i) || group.iterations > 0) continue;
    const double now = TargetOf(i);
    if (group.arrivals) {
      SetRate(i, now * command.factor, Nanoseconds::zero());
      done += fmt::format("{}{} goes to {:.4g}/s", done.empty() ? "" : ", ", group.name,
                          now * command.factor);
      continue;
    }
    const double wanted = command.factor > 1 ? std::max(now * command.factor, now + 1)
                                             : std::min(now * command.factor, now - 1);
    const auto bots = static_cast<std::uint32_t>(
        std::llround(std::clamp(wanted, 0.0, static_cast<double>(group.BotsPossible()))));
    if (bots == static_cast<std::uint32_t>(now)) continue;
    SetBots(i, bots, Nanoseconds::zero());
    done += fmt::format("{}{} goes to {}", done.empty() ? "" : ", ", group.name, BotsText(bots));
  }
  if (!done.empty()) return Done("by hand: " + done);
  return Refused(
      Kind::kOutOfPlace,
      command.factor > 1
          ? "there are as many bots as there can be; \"maxBots\" in the scenario allows more"
          : "there are no fewer");
}

ControlAnswer RunControl::Carry(const DropCommand& command) {
  DropOrder order{{}, command.share, command.reset, command.away};
  if (command.group) {
    const auto& groups = program_.groups;
    const auto found = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
      return group.name == *command.group;
    });
    if (found == groups.end()) return Refused(Kind::kWrong, "no group \"" + *command.group + "\"");
    order.group = static_cast<std::uint16_t>(found - groups.begin());
  }
  if (State() == RunState::kStopping) return Refused(Kind::kOutOfPlace, "the load is over");
  const Firing firing{Firing::kByHand, static_cast<std::uint32_t>(drops_.size())};
  drops_.push_back(order);
  run_->Post(DropBots{order, firing});
  changed_ = true;  // the shards tell how many it were, and that is noted
  return {Kind::kDone, Elapsed(),
          fmt::format("by hand: {:.4g} % of {} {}", 100 * command.share,
                      command.group ? *command.group : "all bots",
                      command.reset ? "are reset" : "leave in order")};
}

ControlAnswer RunControl::Carry(const MarkCommand& command) {
  if (command.name.size() > kNameBytesMax)
    return Refused(Kind::kWrong, "a mark's name has at most 100 bytes");
  return Done("mark " + (command.name.empty() ? std::to_string(++marks_) : command.name), false);
}

ControlAnswer RunControl::Carry(const StopCommand&) {
  if (stopping_ || ending_ != Ending::kNone)
    return Refused(Kind::kOutOfPlace, "the load is over, bots are leaving");
  ending_ = Ending::kStop;
  changed_ = true;  // the driver does it, and notes it
  return {Kind::kDone, Elapsed(), "the load ends; bots leave"};
}

ControlAnswer RunControl::Carry(const AbortCommand&) {
  if (ending_ == Ending::kAbort) return Refused(Kind::kOutOfPlace, "the run is being aborted");
  ending_ = Ending::kAbort;
  changed_ = true;
  return {Kind::kDone, Elapsed(), "the run is aborted"};
}

}  // namespace stressbot
