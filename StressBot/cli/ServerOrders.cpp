#include "StressBot/cli/ServerOrders.h"

#include <utility>

#include "StressBot/metrics/Format.h"

namespace stressbot {

void ServerOrders::Take(const ServerOrder& order) {
  using Do = ServerOrder::Do;
  if (phase_ == Phase::kLost) return;
  switch (order.what) {
    case Do::kPause:
      if (phase_ != Phase::kServing && phase_ != Phase::kPaused) return;  // nothing to pause
      server_.Pause();
      phase_ = Phase::kPaused;
      until_ = Clock::now() + *order.lasts;
      return;
    case Do::kKill:
      End(true, order.lasts);
      return;
    case Do::kStop:
      End(false, order.lasts);
      return;
    case Do::kRestart:
      if (phase_ == Phase::kDown) {
        until_ = Clock::now();
      } else {
        End(false, order.lasts);
      }
      return;
  }
}

void ServerOrders::End(bool kill, std::optional<Nanoseconds> down_for) {
  down_for_ = down_for;
  if (phase_ == Phase::kDown) {
    until_ = down_for ? Clock::now() + *down_for : Clock::time_point::max();
    return;
  }
  if (phase_ != Phase::kEnding) asked_at_ = Clock::now();
  phase_ = Phase::kEnding;
  killed_ = kill;
  server_.End(kill);
}

ServerOrders::News ServerOrders::Advance() {
  News news;
  switch (phase_) {
    case Phase::kServing:
    case Phase::kLost:
      break;
    case Phase::kPaused:
      if (Clock::now() < until_) break;
      server_.Resume();
      phase_ = Phase::kServing;
      news.said.emplace_back("the server goes on");
      break;
    case Phase::kEnding:
      AdvanceEnding(news);
      break;
    case Phase::kDown:
      if (Clock::now() >= until_) StartAgain(news);
      break;
    case Phase::kStarting:
      AdvanceStarting(news);
      break;
  }
  return news;
}

void ServerOrders::AdvanceEnding(News& news) {
  if (const auto end = server_.TakeEnd()) {
    news.said.push_back("the server " + end->ToString() + ", " +
                        FormatSpan(Clock::now() - asked_at_) + " after it was " +
                        (killed_ ? "killed" : "asked to end"));
    phase_ = Phase::kDown;
    until_ = down_for_ ? Clock::now() + *down_for_ : Clock::time_point::max();
    return;
  }
  if (killed_ || Clock::now() < asked_at_ + ServerSupervisor::kStopTimeout) return;
  killed_ = true;
  server_.End(true);
  news.said.emplace_back("the server did not end when asked, and is killed");
}

void ServerOrders::StartAgain(News& news) {
  std::string error;
  if (!server_.StartAgain(error)) return Lose(error, news);
  asked_at_ = Clock::now();
  phase_ = Phase::kStarting;
}

void ServerOrders::AdvanceStarting(News& news) {
  std::string waiting_for;
  const auto took = Clock::now() - asked_at_;
  const auto addresses = server_.ListensAt(waiting_for);
  if (!addresses) {
    if (took < ServerSupervisor::kReadyTimeout) return;
    return Lose("does not listen on " + waiting_for + " " + FormatSpan(took) +
                    " after it was started again" + server_.LastWords(),
                news);
  }
  phase_ = Phase::kServing;
  for (const auto& [server, address] : *addresses) {
    news.moves.push_back({static_cast<std::uint8_t>(server), address});
  }
  news.said.push_back("the server listens again, " +
                      FormatLatency(static_cast<double>(std::chrono::nanoseconds(took).count())) +
                      " after it was started (pid " + std::to_string(server_.pid()) + ")");
}

void ServerOrders::Lose(std::string why, News& news) {
  phase_ = Phase::kLost;
  news.complaint = "the server of --server did not come back after an event: " + std::move(why);
}

}  // namespace stressbot
