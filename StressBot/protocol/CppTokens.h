#pragma once
#include <string_view>
#include <vector>

/// Private to the protocol library.
namespace stressbot {

struct CppToken {
  enum class Kind {
    kName,
    kNumber,
    kSign,    ///< one character, or ::
    kDefine,  ///< #define; what follows it on its line ends with kLineEnd
    kLineEnd
  };
  Kind kind = Kind::kSign;
  std::string_view text;  ///< in the source
  int line = 0;

  bool Is(std::string_view word) const { return text == word; }
};

/// The tokens of a C or C++ source without comments, and without directives other than #define.
/// Texts in quotes are one kSign each. Takes any text.
std::vector<CppToken> ReadCppTokens(std::string_view source);

}  // namespace stressbot
