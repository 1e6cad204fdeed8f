/// What is done once for each packet: reading a field, writing a packet, recording a time.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "StressBot/metrics/Histogram.h"
#include "StressBot/protocol/ProtocolFile.h"

namespace {

using stressbot::FieldNode;
using stressbot::FieldPath;
using stressbot::Value;

const stressbot::Protocol& Chat() {
  static const auto protocol = [] {
    stressbot::Diagnostics errors;
    auto loaded = stressbot::LoadProtocol(SOURCE_DIRECTORY "/scenarios/chat.protocol.json", errors);
    if (loaded == nullptr) {
      std::fputs(errors.ToString().c_str(), stderr);
      std::exit(EXIT_FAILURE);
    }
    return loaded;
  }();
  return *protocol;
}

/// A packet whose one text is an argument.
stressbot::PacketTemplate TextTemplate(const char* packet) {
  FieldNode argument;
  argument.content = FieldNode::Argument{0};
  FieldNode root;
  root.content = FieldNode::Members{{"msg", argument}};
  stressbot::CompileError error;
  const auto made = Chat().codec().CompileTemplate(Chat().IndexOfName(packet), root, error);
  return made.value();
}

const std::string kMessage = "hello 00000001000000010000000f4240";

void RecordTime(benchmark::State& state) {
  stressbot::Histogram histogram;
  std::int64_t time_ns = 1;
  for (auto _ : state) {
    histogram.Record(time_ns);
    time_ns = (time_ns * 5 + 12'345) % 100'000'000;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(RecordTime);

void ReadChatText(benchmark::State& state) {
  const stressbot::PacketIndex packet = Chat().IndexOfName("S_CHAT");
  std::array<std::byte, 256> bytes;
  const std::size_t size = TextTemplate("S_CHAT").Encode(bytes, std::array<Value, 1>{kMessage});
  const std::span<const std::byte> payload(bytes.data() + 4, size - 4);
  stressbot::CompileError error;
  const FieldPath path = Chat().codec().CompilePath(packet, "msg", error).value();
  stressbot::FieldView view;
  for (auto _ : state) {
    benchmark::DoNotOptimize(path.Read(payload, FieldPath::Want::kValue, view));
    benchmark::DoNotOptimize(view.text.size());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ReadChatText);

void EncodeChat(benchmark::State& state) {
  const stressbot::PacketTemplate chat = TextTemplate("C_CHAT");
  const std::array<Value, 1> arguments{kMessage};
  std::array<std::byte, 256> bytes;
  for (auto _ : state) benchmark::DoNotOptimize(chat.Encode(bytes, arguments));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(EncodeChat);

}  // namespace
