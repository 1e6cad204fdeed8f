#pragma once
#include <nlohmann/json.hpp>
#include <vector>

#include "StressBot/report/Conversation.h"
#include "StressBot/report/RunNode.h"

namespace stressbot {

/// How the JSON report writes a failure's conversation, and how it is read again.
nlohmann::ordered_json ConversationJson(const std::vector<ConversationLine>& lines);
std::vector<ConversationLine> ReadConversation(const RunNode& list);

}  // namespace stressbot
