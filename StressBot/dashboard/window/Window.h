#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "StressBot/dashboard/DashboardOptions.h"

namespace stressbot {

class Probe;

/// Why something may have to be drawn.
enum class Stirred : std::uint8_t { kNot, kByData, kByInput };

/// Where the interface is drawn with OpenGL, and where its input comes from. While it lives, its
/// OpenGL context is current and ImGui's context exists.
/// Thread: the main one, apart from Wake.
class Window {
 public:
  Window() = default;
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;
  virtual ~Window() = default;

  /// Tells ImGui size, time and input of the frame that begins.
  virtual void BeginFrame() = 0;
  /// Shows what was drawn since.
  virtual void EndFrame() = 0;
  /// Returns when there is input or somebody called Wake, or after so long.
  virtual Stirred Wait(double seconds) = 0;
  /// Something changed that should be shown. Thread: any.
  virtual void Wake() = 0;
  /// The user closes the window; told once.
  virtual bool TakeCloseRequest() = 0;
  /// A picture that a test asks for.
  virtual std::optional<std::filesystem::path> TakePictureRequest() { return std::nullopt; }
  /// What went wrong with the window or its input; empty: nothing. The program ends with it.
  virtual std::string failure() const { return {}; }

  /// How much larger than on an ordinary display everything should be.
  virtual float content_scale() const = 0;
};

/// A window of the desktop. nullptr, and in `error` what is missing and what to do about it.
std::unique_ptr<Window> OpenDesktopWindow(std::string& error);

/// The same without a display, for tests and pictures. Input are commands, a line each, see
/// InputCommand.h; items are those of the frame that `probe` saw last. Without `obeys_commands`
/// there is no input.
std::unique_ptr<Window> OpenOffscreenWindow(PictureSize size, const Probe& probe,
                                            bool obeys_commands, std::string& error);

/// Whether the driver's OpenGL, whose context is current, can do what is needed; else an error.
bool HasOpenGl3(std::string& error);

inline constexpr const char* kGlslVersion = "#version 130";  ///< of OpenGL 3.0

}  // namespace stressbot
