#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "StressBot/protocol/Value.h"

/// Private to the protocol library.
namespace stressbot {

inline constexpr std::size_t kNumberTextMax = 32;  ///< bytes of a number written as text

/// A value as text without a copy of one that is text already.
class ArgumentText {
 public:
  /// `value` outlives this.
  explicit ArgumentText(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      view_ = *text;
    } else {
      AppendText(value, number_);
      view_ = number_;
    }
  }
  ArgumentText(const ArgumentText&) = delete;
  ArgumentText& operator=(const ArgumentText&) = delete;
  std::string_view view() const { return view_; }

 private:
  std::string number_;
  std::string_view view_;
};

}  // namespace stressbot
