#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace stressbot {

/// Lines of standard input, read by a thread of its own, since reading cannot be given up: the
/// thread stays behind when the reader goes. Thread: one.
class LineReader {
 public:
  static constexpr std::size_t kLineBytesMax = 1024 * 1024;  ///< what is beyond is another line

  /// `on_news` is called by that thread after each line and at the end; it may outlive the reader.
  explicit LineReader(std::function<void()> on_news = {});
  /// The next line without its break, if one is there.
  std::optional<std::string> Take();
  /// All lines are taken and no more will come.
  bool AtEnd() const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace stressbot
