// Any text as the path of a field, walked over any bytes as a payload of each codec; and the
// payload read as protobuf reads it. Input: length of the path, the path, the payload.

#include <google/protobuf/stubs/logging.h>

#include <cstdio>
#include <string>

#include "ServerCore/Assert.h"
#include "StressBot/protocol/ProtocolFile.h"
#include "tests/fuzz/FuzzInput.h"
#include "tests/protocol/ReaderComparison.h"

namespace stressbot {
namespace {

enum class Codec : std::uint8_t { kProtobuf, kPacked };

void ReadByPath(const Protocol& protocol, Codec codec, std::string_view text,
                std::span<const std::byte> payload) {
  for (PacketIndex packet = 0; packet < protocol.packets().size(); ++packet) {
    CompileError error;
    const auto path = protocol.codec().CompilePath(packet, text, error);
    SC_ASSERT(path.has_value() == error.message.empty());
    std::ignore = protocol.codec().EnumNumber(packet, text, "COLOR_RED", error);
    SC_ASSERT(!protocol.codec().Describe(packet, payload).empty());
    if (!path) continue;
    const bool well_formed = protocol.codec().IsWellFormed(packet, payload);
    for (const auto want :
         {FieldPath::Want::kValue, FieldPath::Want::kSize, FieldPath::Want::kExists}) {
      FieldView view;
      const ReadStatus status = path->Read(payload, want, view);
      // A protobuf path sees all fields of the packet; a packed one ends at its own.
      SC_ASSERT(codec == Codec::kProtobuf ? well_formed || status == ReadStatus::kMalformed
                                          : !well_formed || status == ReadStatus::kOk);
      if (status == ReadStatus::kMalformed || !path->Fits(want)) {
        SC_ASSERT(view.kind == FieldView::Kind::kMissing);
      } else {
        std::ignore = view.ToValue();  // copies a text, so that its bounds are seen
      }
    }
  }
}

std::shared_ptr<const Protocol> LoadPacked() {
  Diagnostics errors;
  auto protocol = LoadProtocol(TestDataDirectory() / "packed.protocol.json", errors);
  SC_ASSERT(protocol);
  return protocol;
}

}  // namespace
}  // namespace stressbot

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stressbot;
  static const google::protobuf::LogSilencer
      kSilence;  // it complains of each text that is no UTF-8
  static ReaderComparison comparison;
  servercore::fuzz::FuzzInput input(data, size);
  const std::string_view path = servercore::fuzz::AsText(input.Take(input.TakeByte()));
  const auto payload = input.TakeRest();
  static const auto kPacked = LoadPacked();
  ReadByPath(comparison.protocol(), Codec::kProtobuf, path, std::as_bytes(payload));
  ReadByPath(*kPacked, Codec::kPacked, path, std::as_bytes(payload));
  const std::string difference =
      comparison.Difference(std::string(servercore::fuzz::AsText(payload)));
  if (!difference.empty()) std::fprintf(stderr, "differs: %s\n", difference.c_str());
  SC_ASSERT(difference.empty());
  return 0;
}
