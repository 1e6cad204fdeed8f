#include "StressBot/engine/CommandPost.h"

#include "ServerCore/thread/Shard.h"
#include "StressBot/engine/BotShard.h"

namespace stressbot {

void CommandPost::ToAll(const LoadCommand& command) const {
  for (const Receiver& receiver : to_) To(receiver, command);
}

void CommandPost::ToOthers(std::size_t from, const LoadCommand& command) const {
  for (std::size_t i = 0; i < to_.size(); ++i) {
    if (i != from) To(to_[i], command);
  }
}

void CommandPost::To(const Receiver& receiver, const LoadCommand& command) const {
  receiver.shard->Post([bots = receiver.bots, command] { bots->Execute(command); });
}

}  // namespace stressbot
