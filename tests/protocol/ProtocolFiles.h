#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "StressBot/protocol/ProtocolFile.h"
#include "tests/TemporaryDirectory.h"

namespace stressbot {

/// Protocol files of a test's own, written and read.
class ProtocolFiles : public testing::Test {
 protected:
  void Write(const std::string& name, std::string_view text) {
    std::ofstream(directory_ / name, std::ios::binary) << text;
  }
  std::shared_ptr<const Protocol> Load(std::string_view text, Diagnostics& errors) {
    Write("game.protocol.json", text);
    return LoadProtocol(directory_ / "game.protocol.json", errors);
  }
  std::shared_ptr<const Protocol> Load(std::string_view text) {
    Diagnostics errors;
    auto protocol = Load(text, errors);
    EXPECT_NE(protocol, nullptr) << errors.ToString();
    return protocol;
  }
  /// The only mistake of a file that must be refused.
  Diagnostic MistakeOf(std::string_view text) {
    Diagnostics errors;
    EXPECT_EQ(Load(text, errors), nullptr) << text;
    EXPECT_EQ(errors.list().size(), 1U) << errors.ToString();
    return errors.empty() ? Diagnostic{} : errors.list().front();
  }

  using Ids = std::vector<std::pair<std::string, std::uint32_t>>;
  static Ids IdsOf(const Protocol& protocol) {
    Ids ids;
    for (const PacketType& packet : protocol.packets()) ids.emplace_back(packet.name, packet.id);
    return ids;
  }

  const TemporaryDirectory owned_directory_;
  const std::filesystem::path& directory_ = owned_directory_.path();
};

}  // namespace stressbot
