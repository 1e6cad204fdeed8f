#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "tests/protocol/ReaderComparison.h"

// Nothing from a server is trusted: whatever the bytes, reading stays within them, and where
// protobuf itself accepts them too, both read the same.

namespace stressbot {
namespace {

class HostileBytesTest : public testing::Test {
 protected:
  void ReadAll(const std::string& payload) { EXPECT_EQ(comparison_.Difference(payload), ""); }

  ReaderComparison comparison_;
  google::protobuf::LogSilencer silence_;  // protobuf complains of each text that is no UTF-8
};

TEST_F(HostileBytesTest, EveryTruncationOfAMessage) {
  std::mt19937_64 random(7);
  for (int n = 0; n < 5; ++n) {
    const auto message = comparison_.reference().New("C_ALL");
    comparison_.reference().Fill(*message, random);
    const std::string payload = message->SerializeAsString();
    for (std::size_t bytes = 0; bytes <= payload.size() && bytes < 800; ++bytes) {
      ReadAll(payload.substr(0, bytes));
    }
  }
}

TEST_F(HostileBytesTest, MessagesReadAsProtobufReadsThem) {
  constexpr std::uint64_t kSeed = 11;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  std::mt19937_64 random(kSeed);
  for (int n = 0; n < 200; ++n) {
    const auto message = comparison_.reference().New("C_ALL");
    comparison_.reference().Fill(*message, random);
    const std::string payload = message->SerializeAsString();
    EXPECT_TRUE(comparison_.protocol().codec().IsWellFormed(0, AsBytes(payload)));
    ReadAll(payload);
  }
}

TEST_F(HostileBytesTest, MessagesWithDamagedBytes) {
  constexpr std::uint64_t kSeed = 13;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  std::mt19937_64 random(kSeed);
  for (int n = 0; n < 2'000; ++n) {
    const auto message = comparison_.reference().New("C_ALL");
    comparison_.reference().Fill(*message, random, 2);
    std::string payload = message->SerializeAsString();
    for (std::uint64_t hits = 1 + random() % 4; hits > 0 && !payload.empty(); --hits) {
      payload[random() % payload.size()] = static_cast<char>(random());
    }
    ReadAll(payload);
  }
}

TEST_F(HostileBytesTest, RandomBytes) {
  constexpr std::uint64_t kSeed = 17;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  std::mt19937_64 random(kSeed);
  for (int n = 0; n < 10'000; ++n) {
    std::string payload(random() % 48, '\0');
    for (char& byte : payload) byte = static_cast<char>(random());
    ReadAll(payload);
  }
}

}  // namespace
}  // namespace stressbot
