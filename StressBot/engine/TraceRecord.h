#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "StressBot/engine/Program.h"

namespace stressbot {

/// What is kept of one thing that a bot did, or that happened to it. Raw: whoever shows it decodes
/// it, on its own thread.
struct TraceHead {
  enum class Kind : std::uint8_t {
    kSent,      ///< a packet
    kTaken,     ///< a packet that a step or a listen took
    kUnwanted,  ///< a packet that nobody took; kept of a bot that is followed only
    kUnknown,   ///< a packet with an id that the protocol does not have
    kNote       ///< anything else: its bytes are words
  };

  Nanoseconds at{};                   ///< since the start of the run
  const std::string* step = nullptr;  ///< that sent or took it; lives as long as the program
  std::uint32_t bot = 0;
  std::uint32_t packet_id = 0;
  std::uint32_t packet_bytes = 0;  ///< header included, also when not all of them were kept
  std::uint32_t received = 0;      ///< how many packets its connection had received by then
  std::uint8_t server = 0;
  Kind kind = Kind::kNote;
};

struct TraceRecord {
  TraceHead head;
  std::vector<std::byte> bytes;  ///< of the payload, or of the note; perhaps only the first of them
};

}  // namespace stressbot
