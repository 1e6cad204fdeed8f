#pragma once
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace stressbot {

/// In pixels of the window, from its upper left corner.
struct ProbeRect {
  float x = 0, y = 0, width = 0, height = 0;
  friend bool operator==(const ProbeRect&, const ProbeRect&) = default;
};

/// What a test sees of the dashboard: where each named widget is, so that it can be clicked, and
/// what each named value is. Written as a JSON file after every frame that was drawn
/// (`--probe FILE`), so that "frames" tells whether anything was:
///   {"frames": 12, "width": 1280, "height": 720,
///    "items": {"start.run": [x, y, width, height]}, "values": {"run.state": "running"}}
/// Otherwise nothing is kept, and it costs nothing. Thread: the one that draws.
class Probe {
 public:
  /// Without a file it may be kept nevertheless: who draws offscreen clicks items by their names.
  explicit Probe(std::filesystem::path file = {}, bool is_kept = false)
      : file_(std::move(file)), is_kept_(is_kept || !file_.empty()) {}

  bool enabled() const { return is_kept_; }

  /// The widget that was just made; its visible part. One that is not visible is left out.
  /// Defined in ProbeItem.cpp, as it asks ImGui.
  void Item(std::string_view name);
  void Item(std::string_view name, const ProbeRect& rect);

  template <typename T>
  void Value(std::string_view name, const T& value) {
    if (!enabled()) return;
    if constexpr (std::same_as<T, bool>) {
      values_.insert_or_assign(std::string(name), Told(value));
    } else if constexpr (std::is_arithmetic_v<T>) {
      values_.insert_or_assign(std::string(name), Told(static_cast<double>(value)));
    } else {
      values_.insert_or_assign(std::string(name), Told(std::string(value)));
    }
  }

  /// Forgets the frame before.
  void BeginFrame(int width, int height);
  /// Writes what was told since. False, and why in `error`, when it could not be written.
  bool EndFrame(std::string& error);

  std::uint64_t frames() const { return frames_; }
  /// Of the frame that was told last; nullptr when there is no such widget.
  const ProbeRect* FindItem(std::string_view name) const;
  std::string ToJson() const;

 private:
  using Told = std::variant<bool, double, std::string>;

  std::filesystem::path file_;
  bool is_kept_;
  std::uint64_t frames_ = 0;
  int width_ = 0, height_ = 0;
  std::map<std::string, ProbeRect, std::less<>> items_;
  std::map<std::string, Told, std::less<>> values_;
};

}  // namespace stressbot
