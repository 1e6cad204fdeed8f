// Ids for the fuzzer's protocols, as a server's generator writes them.
#pragma once
enum PacketId : unsigned short {
  PKT_C_LOGIN = 1000,
  PKT_S_LOGIN,
  PKT_C_CHAT = 0x400,
};
#define PKT_S_CHAT (PKT_C_CHAT + 1)
