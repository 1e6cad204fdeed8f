#pragma once
#include <string>
#include <vector>

namespace servercore {

/// Makes text UTF-8 at the borders of a program: its arguments, and what it prints on a console.
/// The first object in main(). Thread: the main one.
class Utf8Program {
 public:
  Utf8Program(int argc, char** argv);
  Utf8Program(const Utf8Program&) = delete;
  Utf8Program& operator=(const Utf8Program&) = delete;
  ~Utf8Program();  ///< the console is as it was before: it belongs to who started us

  /// As main() is given them, the program's name first, but UTF-8 on every system.
  int argc() const { return static_cast<int>(pointers_.size()) - 1; }
  const char* const* argv() const { return pointers_.data(); }

 private:
  std::vector<std::string> words_;
  std::vector<const char*> pointers_;  ///< to `words_`, then one that is null
  unsigned console_before_ = 0;        ///< its code page; 0: there is none, or it is not changed
};

}  // namespace servercore
