#pragma once
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/TemporaryDirectory.h"

namespace stressbot {

inline std::filesystem::path ShippedFolder() {
  return std::filesystem::path(STRESSBOT_SOURCE_DIR) / "scenarios";
}

inline void Write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

inline std::string ReadAll(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A protocol without any other file.
inline constexpr const char* kSmallProtocol = R"({
  "header": {"byteOrder": "little", "fields": [
    {"name": "size", "type": "u16", "role": "length", "counts": "packet"},
    {"name": "id", "type": "u16", "role": "id"}]},
  "payload": {"codec": "packed", "structs": {}, "packets": {
    "C_PING": [{"name": "n", "type": "u32"}], "S_PONG": [{"name": "n", "type": "u32"}]}},
  "ids": [{"assign": "sequential", "start": 1}],
  "directions": {"C_": "send", "S_": "receive"}})";

inline std::string SmallScenario(const std::string& protocol = "chat.protocol.json") {
  return R"({
  "servers": {"game": {"protocol": ")" +
         protocol + R"(", "target": "127.0.0.1:7777"}},
  "groups": {"players": {"executor": "constant-bots", "flow": "player", "bots": 10, "duration": "30s"}},
  "flows": {"player": [{"connect": "game"}, {"request": "C_PING", "fields": {"n": 1}, "expect": "S_PONG"}]}})";
}

/// With one sound scenario, "small", and its protocol.
class ScenarioFolder {
 public:
  ScenarioFolder() {
    Write(path() / "chat.protocol.json", kSmallProtocol);
    Write(path() / "small.json", SmallScenario());
  }
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  TemporaryDirectory folder_;
};

}  // namespace stressbot
