// What a server's own packet header may look like: names in other letters than those of the
// packets.
#pragma once

enum PacketId : unsigned short {
  PKT_NONE = 0,
  PKT_JOIN_REQ = 7,  // one by one from here on
  PKT_JOIN_ACK,
  PKT_STEP_REQ,
  PKT_STEP_ACK,
};
