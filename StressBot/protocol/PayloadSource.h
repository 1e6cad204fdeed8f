#pragma once
#include <filesystem>
#include <memory>
#include <vector>

#include "StressBot/json/JsonNode.h"
#include "StressBot/protocol/HeaderLayout.h"
#include "StressBot/protocol/PacketTableBuilder.h"
#include "StressBot/protocol/Protocol.h"

/// Private to the protocol library.
namespace stressbot {

/// What a payload declares, before it is known which of it are packets.
class PayloadSource {
 public:
  virtual ~PayloadSource() = default;
  virtual PacketSources Sources() const = 0;
  /// `origins` are those of the protocol's packets, in their order.
  virtual std::unique_ptr<PayloadCodec> MakeCodec(
      const Protocol& protocol, const std::vector<PacketTable::Origin>& origins) = 0;
};

/// Reads "payload" of the protocol's root. nullptr after an error. Without a header that could be
/// read, what it allows is not judged. `directory` is that of the protocol file.
std::unique_ptr<PayloadSource> ReadPayload(const JsonNode& root, const HeaderLayout* header,
                                           const std::filesystem::path& directory);

}  // namespace stressbot
