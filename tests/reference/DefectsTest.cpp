/// The defects where they do no harm: who asks nothing wrong of a broken server is served by it.
#include <gtest/gtest.h>

#include <array>

#include "ReferenceServer/defects/LostReply.h"
#include "ReferenceServer/defects/SizeZero.h"
#include "tests/reference/ReferenceServerTest.h"

namespace reference {
namespace {

using servercore::CloseKind;
using servercore::CloseReason;

class DefectsTest : public ReferenceServerTest {
 protected:
  /// Two come, hear each other, and go.
  void Play() {
    TestClient first = Connect();
    TestClient second = Connect();
    first.Join("first");
    second.Join("second");
    first.Chat("hello");
    EXPECT_EQ(first.Expect<Protocol::S_CHAT>().msg(), "hello");
    EXPECT_EQ(second.Expect<Protocol::S_CHAT>().msg(), "hello");
    for (TestClient* client : {&first, &second}) {
      client->Disconnect(CloseKind::kOrderly);
      EXPECT_EQ(client->WaitUntilEnded(), CloseReason::kLocal);
    }
  }
};

TEST_F(DefectsTest, WhoAsksNothingWrongIsServed) {
  for (const DefectKind& kind : AllDefects()) {
    SCOPED_TRACE(kind.name);
    // Broadcasts of its own come between, and what it leaks a sanitizer would find here.
    if (kind.defect == Defect::kBroadcastDisconnect || kind.defect == Defect::kSessionLeak)
      continue;
    StartServer({.defect = kind.defect});
    Play();
    clients_.reset();
    server_->Stop();
    EXPECT_EQ(server_->Totals().open.sessions, 0U);
  }
}

TEST(ReplyJournalTest, OneReplyInAThousandIsNotKept) {
  defects::ReplyJournal journal;
  int sent = 0;
  for (int i = 0; i < 10'000; ++i) sent += journal.Keep(1001, 7) ? 1 : 0;
  EXPECT_EQ(sent, 9'990);
  EXPECT_EQ(journal.lost(), 10U);
}

TEST(SizeZeroTest, RightSizesAreCutAsTheyShouldBe) {
  constexpr std::array<unsigned char, 11> kStream{5, 0, 0xE8, 3, 'x', 4, 0, 0xEA, 3, 6, 0};
  std::vector<std::pair<std::uint32_t, std::size_t>> packets;
  const auto handle = [&](const servercore::PacketView& packet) {
    packets.emplace_back(packet.id, packet.payload.size());
  };
  const servercore::RecvProgress progress =
      defects::RecvWithoutLowerBound(std::as_bytes(std::span(kStream)), handle);
  EXPECT_EQ(packets, (std::vector<std::pair<std::uint32_t, std::size_t>>{{1000, 1}, {1002, 0}}));
  EXPECT_EQ(progress.consumed, 9U);
  EXPECT_EQ(progress.wanted, 4U);
}

}  // namespace
}  // namespace reference
