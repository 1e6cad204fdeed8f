#include "StressBot/dashboard/window/InputCommand.h"

#include <charconv>

namespace stressbot {

namespace {

using Kind = InputCommand::Kind;

std::optional<float> ToNumber(std::string_view text) {
  float number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<InputPlace> ParsePlace(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return InputPlace{.item = std::string(text)};
  const auto x = ToNumber(text.substr(0, space)), y = ToNumber(text.substr(space + 1));
  if (!x || !y) return std::nullopt;
  return InputPlace{.item = {}, .x = *x, .y = *y};
}

/// Whether `rest` is what the kind of command wants.
bool ReadRest(std::string_view rest, InputCommand& command) {
  switch (command.kind) {
    case Kind::kMove:
    case Kind::kClick:
    case Kind::kDoubleClick: {
      const auto place = ParsePlace(rest);
      if (place) command.place = *place;
      return place.has_value();
    }
    case Kind::kDrag: {
      const std::size_t joint = rest.find(" to ");
      if (joint == std::string_view::npos) return false;
      const auto place = ParsePlace(rest.substr(0, joint)), to = ParsePlace(rest.substr(joint + 4));
      if (!place || !to) return false;
      command.place = *place;
      command.to = *to;
      return true;
    }
    case Kind::kScroll: {
      const auto lines = ToNumber(rest);
      command.lines = lines.value_or(0);
      return lines.has_value();
    }
    case Kind::kKey: {
      const auto chord = ParseKeyChord(rest);
      if (chord) command.chord = *chord;
      return chord.has_value();
    }
    case Kind::kText:
    case Kind::kPicture:
      command.text = rest;
      return !rest.empty();
    case Kind::kQuit:
      return rest.empty();
  }
  return false;
}

struct NamedKind {
  std::string_view name;
  Kind kind;
};

constexpr NamedKind kKinds[] = {
    {"move", Kind::kMove}, {"click", Kind::kClick},     {"double-click", Kind::kDoubleClick},
    {"drag", Kind::kDrag}, {"scroll", Kind::kScroll},   {"key", Kind::kKey},
    {"text", Kind::kText}, {"picture", Kind::kPicture}, {"quit", Kind::kQuit}};

}  // namespace

std::optional<InputCommand> ParseInputCommand(std::string_view line, std::string& error) {
  const std::size_t space = line.find(' ');
  const std::string_view word = line.substr(0, space);
  const std::string_view rest = space == std::string_view::npos ? "" : line.substr(space + 1);
  for (const auto& [name, kind] : kKinds) {
    if (name != word) continue;
    InputCommand command{.kind = kind};
    if (ReadRest(rest, command)) return command;
    error = "\"" + std::string(line) + "\": what follows " + std::string(word) +
            " is not understood; docs/DASHBOARD.md lists the commands.";
    return std::nullopt;
  }
  error = "\"" + std::string(line) +
          "\" is no command; write move, click, double-click, drag, scroll, key, text, picture or "
          "quit.";
  return std::nullopt;
}

}  // namespace stressbot
