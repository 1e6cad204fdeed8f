#include "StressBot/cli/LineReader.h"

#include <cstdio>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace stressbot {

struct LineReader::Shared {
  std::mutex mutex;
  std::deque<std::string> lines;
  bool ended = false;
  std::function<void()> on_news;

  void Add(std::string line) {
    if (line.ends_with('\r')) line.pop_back();
    {
      const std::lock_guard lock(mutex);
      lines.push_back(std::move(line));
    }
    if (on_news) on_news();
  }
  void ReadAll() {
    std::string line;
    for (int read = std::getc(stdin); read != EOF; read = std::getc(stdin)) {
      const auto character = static_cast<char>(read);
      if (character != '\n') line += character;
      if (character == '\n' || line.size() == kLineBytesMax) Add(std::exchange(line, {}));
    }
    if (!line.empty()) Add(std::move(line));
    {
      const std::lock_guard lock(mutex);
      ended = true;
    }
    if (on_news) on_news();
  }
};

LineReader::LineReader(std::function<void()> on_news) : shared_(std::make_shared<Shared>()) {
  shared_->on_news = std::move(on_news);
  std::thread([shared = shared_] { shared->ReadAll(); }).detach();
}

std::optional<std::string> LineReader::Take() {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->lines.empty()) return std::nullopt;
  std::string line = std::move(shared_->lines.front());
  shared_->lines.pop_front();
  return line;
}

bool LineReader::AtEnd() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->ended && shared_->lines.empty();
}

}  // namespace stressbot
