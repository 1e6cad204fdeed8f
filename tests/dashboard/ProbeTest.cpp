#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "StressBot/dashboard/ui/Probe.h"
#include "tests/TemporaryDirectory.h"

/// What tests see of the dashboard.
namespace stressbot {
namespace {

TEST(ProbeTest, TellsTheFrameThatWasDrawnLast) {
  TemporaryDirectory folder;
  const std::filesystem::path file = folder.path() / "probe.json";
  Probe probe(file);
  std::string error;
  for (int frame = 0; frame < 2; ++frame) {
    probe.BeginFrame(1280, 720);
    if (frame == 0) probe.Item("gone", {1, 2, 3, 4});
    probe.Item("start.run", {10, 20.5F, 30, 40});
    probe.Value("run.state", "running");
    probe.Value("run.bots", 1000U);
    probe.Value("run.passed", true);
    probe.Value("name", std::string("안녕 \xff"));  // no UTF-8 at its end
    EXPECT_TRUE(probe.EndFrame(error)) << error;
  }
  std::ifstream written(file);
  const nlohmann::json json = nlohmann::json::parse(written);
  EXPECT_EQ(json["frames"], 2);
  EXPECT_EQ(json["width"], 1280);
  EXPECT_EQ(json["height"], 720);
  EXPECT_EQ(json["items"], nlohmann::json::parse(R"({"start.run": [10.0, 20.5, 30.0, 40.0]})"));
  EXPECT_EQ(json["values"]["run.state"], "running");
  EXPECT_EQ(json["values"]["run.bots"], 1000);
  EXPECT_EQ(json["values"]["run.passed"], true);
  EXPECT_EQ(json["values"]["name"], "안녕 \xef\xbf\xbd");
  EXPECT_EQ(probe.FindItem("gone"), nullptr);
  EXPECT_EQ(*probe.FindItem("start.run"), (ProbeRect{10, 20.5F, 30, 40}));
}

TEST(ProbeTest, WithoutAFileNothingIsKept) {
  Probe probe;
  probe.BeginFrame(1, 1);
  probe.Item("start.run", {});
  probe.Value("run.state", "running");
  std::string error;
  EXPECT_TRUE(probe.EndFrame(error));
  EXPECT_EQ(nlohmann::json::parse(probe.ToJson())["values"].size(), 0U);
  EXPECT_EQ(probe.FindItem("start.run"), nullptr);
}

TEST(ProbeTest, WhatCannotBeWrittenIsTold) {
  TemporaryDirectory folder;
  Probe probe(folder.path() / "missing" / "probe.json");
  probe.BeginFrame(1, 1);
  std::string error;
  EXPECT_FALSE(probe.EndFrame(error));
  EXPECT_NE(error.find("does not exist"), std::string::npos) << error;
}

}  // namespace
}  // namespace stressbot
