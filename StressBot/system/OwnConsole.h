#pragma once
#include <string>

namespace stressbot {

/// The console that Windows opens for a program with a window when no command line started it, as
/// on a double click. On Linux, and where it was started from a command line, there is none.
/// Thread: the main one.
class OwnConsole {
 public:
  OwnConsole();
  OwnConsole(const OwnConsole&) = delete;
  OwnConsole& operator=(const OwnConsole&) = delete;
  /// One that is still open shows what was printed until Enter is pressed.
  ~OwnConsole();

  /// Once the window is there, so that no empty one stays beside it.
  void Close();
  /// Prints an error on stderr; if that was in the console and is closed, shows a box with it.
  void TellError(const std::string& text) const;

 private:
  bool is_open_ = false;
  bool shows_errors_ = false;  ///< or they went elsewhere: somebody reads them there
};

}  // namespace stressbot
