#pragma once
#include <memory>
#include <optional>

namespace stressbot {

/// Keys typed at the terminal of standard input, one by one: without Return and without an echo as
/// long as it lives. Ctrl-C and Ctrl-Z stay what they are. The terminal is as before afterwards,
/// also while the program is stopped, or when a signal ends it.
/// Thread: the main one. One at a time.
class KeyReader {
 public:
  /// Null when nobody can type: standard input is no terminal, or it belongs to another program, as
  /// of one in the background.
  static std::unique_ptr<KeyReader> Open();
  KeyReader(const KeyReader&) = delete;
  KeyReader& operator=(const KeyReader&) = delete;
  ~KeyReader();

  /// The next key, if one was typed. Never waits.
  std::optional<char> Take();

 private:
  KeyReader() = default;
};

/// The terminal as it was before a KeyReader. For ends of the program that destroy nothing. Any
/// thread; harmless without one.
void RestoreTerminal() noexcept;

}  // namespace stressbot
