#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Private to the protocol library.
namespace stressbot {

/// A whole number with a name in a C or C++ header: an enumerator, a #define, a const or constexpr.
struct CppConstant {
  std::string name;                   ///< without its enum's and namespaces'
  int line = 0;                       ///< from 1
  std::optional<std::int64_t> value;  ///< nullopt: more than numbers and earlier names, + - *
};

/// The constants of a header in their order. Takes any text: what it does not understand it passes.
/// Conditions (#if) are not evaluated, so a name may come twice.
std::vector<CppConstant> ReadCppConstants(std::string_view header);

}  // namespace stressbot
