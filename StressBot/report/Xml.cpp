#include "StressBot/report/Xml.h"

#include "StressBot/report/Utf8.h"

namespace stressbot {

namespace {

std::string Escape(std::string_view text, bool in_quotes) {
  std::string escaped;
  for (const char letter : ToXmlCharacters(text)) {
    if (const std::string_view entity = EntityOf(letter); !entity.empty()) {
      escaped += entity;  // of > too, else "]]>" would be an error
    } else if (letter == '\r') {
      escaped += "&#13;";
    } else if (in_quotes && letter == '"') {
      escaped += "&quot;";
    } else if (in_quotes && letter == '\n') {
      escaped += "&#10;";
    } else if (in_quotes && letter == '\t') {
      escaped += "&#9;";
    } else {
      escaped += letter;
    }
  }
  return escaped;
}

}  // namespace

std::string XmlText(std::string_view text) { return Escape(text, false); }
std::string XmlAttribute(std::string_view text) { return Escape(text, true); }

std::string XmlAttributes(const std::vector<std::pair<std::string_view, std::string>>& list) {
  std::string text;
  for (const auto& [name, value] : list) {
    text.append(" ").append(name).append("=\"").append(XmlAttribute(value)).append("\"");
  }
  return text;
}

}  // namespace stressbot
