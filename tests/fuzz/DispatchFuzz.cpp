// Any id with any payload through the generated dispatch of both sides: exactly one handler is
// called, the fault is the right one, and what was understood means the same when it is sent on.
// Input: a byte below 128 chooses a known id, else two bytes are the id; then the payload.

#include <google/protobuf/stubs/logging.h>

#include <cstring>
#include <string>

#include "ClientPacketHandler.h"
#include "ServerCore/Assert.h"
#include "ServerPacketHandler.h"
#include "tests/fuzz/FuzzInput.h"

namespace servercore::fuzz {

struct Receiver {
  int calls = 0;
  std::uint32_t id = 0;
  SendBuffer sent_on;
  Protocol::PacketFault fault{};
};

namespace {

SendBufferManager manager;
SendBufferPool pool(manager);

template <typename Message>
void Take(Receiver& to, const Message& message) {
  ++to.calls;
  to.id = Protocol::PacketIdOf<Message>::value;
  const auto made = MakeSendBuffer(pool, message);
  if (made) to.sent_on = *made;  // a packet of unusual encoding may become longer than 65,535
}

}  // namespace

void Handle_C_LOGIN(Receiver& to, const Protocol::C_LOGIN& packet) { Take(to, packet); }
void Handle_C_ENTER_GAME(Receiver& to, const Protocol::C_ENTER_GAME& packet) { Take(to, packet); }
void Handle_C_CHAT(Receiver& to, const Protocol::C_CHAT& packet) { Take(to, packet); }
void Handle_C_MOVE(Receiver& to, const Protocol::C_MOVE& packet) { Take(to, packet); }
void Handle_C_LEAVE(Receiver& to, const Protocol::C_LEAVE& packet) { Take(to, packet); }
void Handle_C_PONG(Receiver& to, const Protocol::C_PONG& packet) { Take(to, packet); }
void Handle_S_LOGIN(Receiver& to, const Protocol::S_LOGIN& packet) { Take(to, packet); }
void Handle_S_ENTER_GAME(Receiver& to, const Protocol::S_ENTER_GAME& packet) { Take(to, packet); }
void Handle_S_CHAT(Receiver& to, const Protocol::S_CHAT& packet) { Take(to, packet); }
void Handle_S_MOVE(Receiver& to, const Protocol::S_MOVE& packet) { Take(to, packet); }
void Handle_S_LEAVE(Receiver& to, const Protocol::S_LEAVE& packet) { Take(to, packet); }
void Handle_S_PING(Receiver& to, const Protocol::S_PING& packet) { Take(to, packet); }
void Handle_S_ERROR(Receiver& to, const Protocol::S_ERROR& packet) { Take(to, packet); }
void Handle_INVALID(Receiver& to, const PacketView& packet, Protocol::PacketFault fault) {
  ++to.calls;
  to.id = packet.id;
  to.fault = fault;
}

namespace {

template <typename Handler>
void CheckSide(const PacketView& packet, std::string_view received_prefix) {
  Receiver receiver;
  const bool handled = Handler::Dispatch(receiver, packet);
  SC_ASSERT(receiver.calls == 1 && receiver.id == packet.id);
  const std::string_view name = Protocol::PacketName(packet.id);
  if (!handled) {
    const auto expected = name.empty() ? Protocol::PacketFault::kUnknownId
                          : name.starts_with(received_prefix)
                              ? Protocol::PacketFault::kUndecodable
                              : Protocol::PacketFault::kWrongDirection;
    SC_ASSERT(receiver.fault == expected);
    return;
  }
  SC_ASSERT(name.starts_with(received_prefix));
  if (receiver.sent_on.size() == 0) return;
  const SendBuffer first = receiver.sent_on;
  Receiver again;
  SC_ASSERT(Handler::Dispatch(again, {packet.id, first.bytes(), first.bytes().subspan(4)}));
  SC_ASSERT(again.sent_on.size() == first.size());
  SC_ASSERT(std::memcmp(again.sent_on.data(), first.data(), first.size()) == 0);
}

}  // namespace
}  // namespace servercore::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace servercore;
  static const google::protobuf::LogSilencer
      kSilence;  // it complains of each text that is no UTF-8
  fuzz::FuzzInput input(data, size);
  const std::uint8_t choice = input.TakeByte();
  std::uint32_t id = Protocol::kPacketIds[choice % Protocol::kPacketIds.size()];
  if (choice >= 128) {
    id = input.TakeByte();
    id = id * 256 + input.TakeByte();
  }
  const auto payload = std::as_bytes(input.TakeRest());
  const PacketView packet{id, payload, payload};
  fuzz::CheckSide<Protocol::ClientPacketHandler<fuzz::Receiver>>(packet, "C_");
  fuzz::CheckSide<Protocol::ServerPacketHandler<fuzz::Receiver>>(packet, "S_");
  return 0;
}
