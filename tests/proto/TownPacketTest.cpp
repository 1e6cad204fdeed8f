#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "TownClientHandler.h"
#include "TownServerHandler.h"

namespace town_example {

struct Recorder {
  std::vector<std::string> calls;
  std::vector<Town::PacketFault> faults;
};

void Handle_C_PARTY(Recorder& to, const Town::C_PARTY& packet) {
  to.calls.push_back("C_PARTY " + packet.ShortDebugString());
}
void Handle_S_PARTY(Recorder& to, const Town::S_PARTY& packet) {
  to.calls.push_back("S_PARTY " + packet.ShortDebugString());
}
void Handle_FROM_CLIENT_MOVE(Recorder& to, const Town::FROM_CLIENT_MOVE& packet) {
  to.calls.push_back("FROM_CLIENT_MOVE " + packet.ShortDebugString());
}
void Handle_S_MOVE(Recorder& to, const Town::S_MOVE& packet) {
  to.calls.push_back("S_MOVE " + packet.ShortDebugString());
}
void Handle_INVALID(Recorder& to, const servercore::PacketView&, Town::PacketFault fault) {
  to.faults.push_back(fault);
}

}  // namespace town_example

namespace {

using town_example::Recorder;
using FromClients = Town::TownServerHandler<Recorder>;
using FromServer = Town::TownClientHandler<Recorder>;

class TownPacketTest : public testing::Test {
 protected:
  template <typename Receiver>
  bool Deliver(const servercore::Result<servercore::SendBuffer>& made) {
    servercore::PacketHeader header;
    std::memcpy(&header, made->data(), sizeof header);
    return Receiver::Dispatch(recorder_,
                              {header.id, made->bytes(), made->bytes().subspan(sizeof header)});
  }

  servercore::SendBufferManager manager_;
  servercore::SendBufferPool pool_{manager_};
  Recorder recorder_;
};

TEST_F(TownPacketTest, EachFileHasItsRangeAndPrefixes) {
  EXPECT_EQ(Town::PKT_C_PARTY, 7);
  EXPECT_EQ(Town::PKT_S_PARTY, 8);  // what is nested or without prefix takes no id
  EXPECT_EQ(Town::PKT_FROM_CLIENT_MOVE, 65'534);
  EXPECT_EQ(Town::PKT_S_MOVE, 65'535);
  EXPECT_EQ(Town::kPacketIds.size(), 4U);
  EXPECT_EQ(Town::PacketIdOf<Town::S_MOVE>::value, 65'535);
}

TEST_F(TownPacketTest, IndexesAreDenseAcrossTheGap) {
  for (std::uint32_t id = 0; id <= 70'000; ++id) {
    const auto place = std::find(Town::kPacketIds.begin(), Town::kPacketIds.end(), id);
    const auto index = static_cast<std::size_t>(place - Town::kPacketIds.begin());
    ASSERT_EQ(Town::PacketIndex(id), index) << id;
    ASSERT_EQ(Town::PacketName(id).empty(), place == Town::kPacketIds.end()) << id;
  }
}

TEST_F(TownPacketTest, NestedMessagesArriveWhole) {
  Town::C_PARTY asked;
  asked.add_invites()->set_player(5);
  asked.set_mode(Town::C_PARTY::MODE_CLOSED);
  (*asked.mutable_places())["gate"].set_x(1.5F);
  EXPECT_TRUE(Deliver<FromClients>(MakeSendBuffer(pool_, asked)));

  Town::S_PARTY answer;
  answer.add_members()->set_name("a");
  *answer.mutable_asked() = asked;
  answer.mutable_leader()->mutable_spot()->set_y(-2);
  EXPECT_TRUE(Deliver<FromServer>(MakeSendBuffer(pool_, answer)));
  EXPECT_EQ(recorder_.calls, (std::vector<std::string>{"C_PARTY " + asked.ShortDebugString(),
                                                       "S_PARTY " + answer.ShortDebugString()}));
}

TEST_F(TownPacketTest, BothRangesAreDispatched) {
  Town::FROM_CLIENT_MOVE asked;
  asked.mutable_spot()->set_x(3.5F);
  EXPECT_TRUE(Deliver<FromClients>(MakeSendBuffer(pool_, asked)));
  Town::S_MOVE answer;
  answer.add_spots()->set_y(4.5F);
  EXPECT_TRUE(Deliver<FromServer>(MakeSendBuffer(pool_, answer)));
  EXPECT_EQ(recorder_.calls, (std::vector<std::string>{"FROM_CLIENT_MOVE spot { x: 3.5 }",
                                                       "S_MOVE spots { y: 4.5 }"}));
}

TEST_F(TownPacketTest, EveryIdIsSafeToReceive) {
  using Town::PacketFault;
  for (std::uint32_t id = 0; id <= 65'535; ++id) {
    FromClients::Dispatch(recorder_, {id, {}, {}});
    FromServer::Dispatch(recorder_, {id, {}, {}});
  }
  EXPECT_EQ(recorder_.calls,
            (std::vector<std::string>{"C_PARTY ", "S_PARTY ", "FROM_CLIENT_MOVE ", "S_MOVE "}));
  const auto times = [this](PacketFault fault) {
    return std::count(recorder_.faults.begin(), recorder_.faults.end(), fault);
  };
  EXPECT_EQ(times(PacketFault::kWrongDirection), 4);
  EXPECT_EQ(times(PacketFault::kUnknownId), 2 * (65'536 - 4));
}

}  // namespace
