#include "StressBot/scenario/ConnectionOrder.h"

#include <gtest/gtest.h>

namespace stressbot {
namespace {

TEST(ConnectionOrderTest, ComplainsOfWhatIsCertainOnly) {
  ConnectionOrder order;
  EXPECT_FALSE(order.Use(0));
  EXPECT_TRUE(order.Use(0));  // told once
  EXPECT_TRUE(order.Connect(1, false));
  EXPECT_FALSE(order.Connect(1, false));
  EXPECT_TRUE(order.Disconnect(1));
  EXPECT_FALSE(order.Disconnect(1));
  EXPECT_TRUE(order.Connect(2, true));
  EXPECT_TRUE(order.Connect(2, false));
  order.Forget(2);
  EXPECT_TRUE(order.Connect(2, false));
}

TEST(ConnectionOrderTest, ASecondPassMustBeAbleToBeginAsTheFirst) {
  ConnectionOrder order;
  ConnectionOrder before = order.BeginPass();
  order.Connect(0, false);
  auto mistake = order.EndPass(before);
  ASSERT_TRUE(mistake);
  EXPECT_TRUE(mistake->is_open);

  before = order.BeginPass();
  order.Use(0);
  order.Disconnect(0);
  mistake = order.EndPass(before);
  ASSERT_TRUE(mistake);
  EXPECT_FALSE(mistake->is_open);

  before = order.BeginPass();
  order.Connect(0, false);
  order.Disconnect(0);
  EXPECT_FALSE(order.EndPass(before));
}

}  // namespace
}  // namespace stressbot
