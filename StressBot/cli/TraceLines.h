#pragma once
#include <cstddef>
#include <vector>

#include "StressBot/engine/Program.h"
#include "StressBot/engine/TraceRecord.h"
#include "StressBot/report/Conversation.h"

namespace stressbot {

/// Decodes what was recorded. Slow: for the main thread.
ConversationLine LineOf(const TraceRecord& record, const Program& program);

/// The conversation of one failure, with the packets between that were not recorded counted.
std::vector<ConversationLine> LinesOf(const std::vector<TraceRecord>& records,
                                      const Program& program);

/// Columns for conversations on standard output: the terminal's, or enough where there is none.
std::size_t OutputColumns();

/// Room for the longest "PACKET (ID)" of the program's protocols.
std::size_t PacketNameColumns(const Program& program);

}  // namespace stressbot
