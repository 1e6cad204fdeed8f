#include "ReferenceServer/RoomDirectory.h"

#include <gtest/gtest.h>

#include "ServerCore/sim/SimWorld.h"

namespace reference {
namespace {

using namespace std::chrono_literals;

/// On simulated time.
class RoomDirectoryTest : public ::testing::Test {
 protected:
  servercore::SimWorld world_;
  servercore::ShardGroup& shards_ = world_.AddProcess(2);
  RoomDirectory rooms_{shards_, 2};
};

TEST_F(RoomDirectoryTest, AnEmptyRoomIsKeptForAWhileAndThenClosed) {
  RoomRef room = rooms_.TakePlace();
  const std::weak_ptr<Room> weak = room;
  rooms_.FreePlace(*room);
  room.reset();
  world_.RunFor(RoomDirectory::kEmptyRoomKept - 1ms);
  EXPECT_FALSE(weak.expired());
  world_.RunFor(1ms);
  EXPECT_TRUE(weak.expired());
  world_.RunFor(Room::kKeepEvery);
  EXPECT_EQ(shards_.job_timer_count(), 0U) << "what it repeated ends with it";
  EXPECT_EQ(rooms_.TakePlace()->id(), 1U) << "the next has its id";
  EXPECT_EQ(rooms_.rooms_in_use(), 1U);
}

TEST_F(RoomDirectoryTest, ARoomThatIsEnteredAgainStaysTheSame) {
  const RoomRef room = rooms_.TakePlace();
  for (int i = 0; i < 3; ++i) {
    rooms_.FreePlace(*room);
    world_.RunFor(RoomDirectory::kEmptyRoomKept / 2);
    EXPECT_EQ(rooms_.TakePlace(), room);
  }
  world_.RunFor(1h);
  EXPECT_EQ(rooms_.TakePlace(), room) << "nobody closed it while somebody was in";
  EXPECT_EQ(shards_.job_timer_count(), 1U);  // KeepPositions
}

TEST_F(RoomDirectoryTest, TheEndOfTheServerLeavesNoTimer) {
  const RoomRef room = rooms_.TakePlace();
  rooms_.FreePlace(*room);
  world_.RunFor(1ms);
  EXPECT_EQ(shards_.job_timer_count(), 2U);  // to keep positions and to close
  world_.Close();                            // asserts it too
  EXPECT_EQ(shards_.job_timer_count(), 0U);
}

}  // namespace
}  // namespace reference
