#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "StressBot/protocol/hook/stressbot_hook.h"

namespace stressbot {

class SharedLibrary;

/// A library that translates packets (hook/stressbot_hook.h says how), loaded and configured.
/// Immutable; safe on any thread.
class Hook {
 public:
  struct Setting {
    std::string name, value;
  };
  /// nullptr when it cannot be used: `error` then says why, in a sentence.
  static std::shared_ptr<const Hook> Load(const std::filesystem::path& file,
                                          std::span<const Setting> settings, std::string& error);
  ~Hook();
  Hook(const Hook&) = delete;
  Hook& operator=(const Hook&) = delete;

  std::size_t wire_bytes_extra() const { return functions_->wire_bytes_extra; }
  bool measures() const { return functions_->measure != nullptr; }

 private:
  friend class HookConnection;
  Hook(std::unique_ptr<SharedLibrary> library, const stressbot_hook_functions& functions,
       void* created);

  const std::unique_ptr<SharedLibrary> library_;
  const stressbot_hook_functions* const functions_;
  void* const created_;
};

/// A hook's state of one connection. Everything that comes back from the library is judged here.
/// Thread: one at a time.
class HookConnection {
 public:
  static constexpr std::size_t kAnswerBytesMax = 4096;

  /// `hook` lives longer.
  HookConnection(const Hook& hook, std::size_t packet_bytes_max);
  ~HookConnection();
  HookConnection(const HookConnection&) = delete;
  HookConnection& operator=(const HookConnection&) = delete;

  std::size_t wire_bytes_max() const { return wire_bytes_max_; }

  // In what follows `fault` is null, or what is wrong, as a noun. `room`s hold what is given back.

  struct Bytes {
    const char* fault = nullptr;
    std::span<const std::byte> bytes{};
  };
  /// To be called once, first: what to send before anything else.
  /// REQUIRES room of kAnswerBytesMax.
  Bytes Open(std::uint64_t seed, std::span<std::byte> room);

  struct Measured {
    const char* fault = nullptr;
    bool is_whole = false;         ///< else so many must be there before it can be told
    std::uint32_t wire_bytes = 0;  ///< of the packet; at most wire_bytes_max()
  };
  /// REQUIRES hook.measures(), some bytes.
  Measured Measure(std::span<const std::byte> bytes);

  struct Decoded {
    const char* fault = nullptr;
    std::span<const std::byte> plain{};   ///< empty: it was not for the bot
    std::span<const std::byte> answer{};  ///< to send at once
  };
  /// REQUIRES room for the largest packet, and of kAnswerBytesMax.
  Decoded Decode(std::span<const std::byte> wire, std::span<std::byte> plain_room,
                 std::span<std::byte> answer_room);
  /// Never empty without a fault. REQUIRES room of wire_bytes_max().
  Bytes Encode(std::span<const std::byte> plain, std::span<std::byte> room);

 private:
  const stressbot_hook_functions& functions_;
  void* const created_;
  const std::size_t wire_bytes_max_;
  void* connection_ = nullptr;
};

}  // namespace stressbot
