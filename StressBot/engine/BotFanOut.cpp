#include "StressBot/engine/Bot.h"
#include "StressBot/engine/BotDraws.h"
#include "StressBot/engine/BotShard.h"
#include "StressBot/engine/FanOutBot.h"
#include "StressBot/engine/GroupRun.h"

/// Where a bot meets its audiences: joining, leaving, and what it sends to them.
namespace stressbot {

FanOutBot& Bot::FanOutState() {
  if (fanout_ == nullptr) {
    fanout_ = std::make_unique<FanOutBot>(*shard_.fanouts(), group_.metrics.fanouts, id_);
  }
  return *fanout_;
}

std::string_view Bot::AudienceName(const Expression& audience, const EvaluationContext& context) {
  const Value& value = ValueOf(audience, context, shard_.room());
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  std::string& name = shard_.text_room();
  name.clear();
  AppendText(value, name);
  return name;
}

void Bot::StepJoin(Position& position, const AudienceStep& step) {
  Draws draws(*this, DrawFor::kStep, position.pc);
  // Who is not connected, since a connect was let fail, hears nothing.
  const BotSession* session = connections_[step.server];
  if (shard_.fanouts() != nullptr && session != nullptr && !IsClosing(step.server)) {
    FanOutState().Join(step.server, AudienceName(step.audience, Context(draws)));
    armed_ |= group_.fanout_rules();
  }
  ++position.pc;
}

void Bot::StepLeave(Position& position, const AudienceStep& step) {
  Draws draws(*this, DrawFor::kStep, position.pc);
  if (fanout_ != nullptr) {
    fanout_->Leave(step.server, AudienceName(step.audience, Context(draws)));
    ComputeArmed();
  }
  ++position.pc;
}

/// `order` is the request's, or 0 of a send, which nobody answers.
void Bot::SentToAudience(const FanOutSend& fanout, std::uint8_t server, std::uint32_t order,
                         const EvaluationContext& context) {
  FanOutState().Sent(server, AudienceName(fanout.audience, context), fanout.fanout, order);
}

/// Whether it is certain that the server had that request and was to deliver it.
void Bot::AnsweredByAudience(const Request& request, bool is_certain) {
  if (is_certain) {
    fanout_->Answered(request.order);
  } else {
    fanout_->Doubt(request.order);
  }
}

void Bot::LeaveAudiences() {
  if (fanout_ != nullptr) fanout_->LeaveAll();
}

void Bot::LeaveAudiences(std::uint8_t server) {
  if (fanout_ != nullptr) fanout_->LeaveServer(server);
}

}  // namespace stressbot
