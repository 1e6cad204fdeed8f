#include <algorithm>

#include "StressBot/report/Conversation.h"
#include "StressBot/report/HtmlParts.h"
#include "StressBot/report/Utf8.h"

namespace stressbot::html {

std::string Text(std::string_view text) {
  std::string escaped;
  for (const char letter : ToPrintable(text)) {
    if (const std::string_view entity = EntityOf(letter); !entity.empty()) {
      escaped += entity;
    } else if (letter == '"') {
      escaped += "&quot;";
    } else {
      escaped += letter;
    }
  }
  return escaped;
}

std::string Breakable(std::string_view name) {
  std::string text;
  for (const char letter : Text(name)) {
    text += letter;
    if (letter == '_') text += "<wbr>";
  }
  return text;
}

std::string FailureItem(const FirstFailure& failure, bool with_metric) {
  std::string item = "<li>";
  if (with_metric) item += "<code>" + Text(failure.metric) + "</code> ";
  item += Text(failure.text);
  if (failure.conversation.empty()) return item + "</li>\n";
  constexpr std::size_t kColumns = 160;
  item += "\n<details><summary>What was said before</summary><pre class=\"talk\" tabindex=\"0\">";
  const std::string talk = FormatConversation(failure.conversation, kColumns);
  for (std::size_t begin = 0; begin < talk.size();) {
    const std::size_t end = std::min(talk.find('\n', begin), talk.size());
    item += Text(std::string_view(talk).substr(begin, end - begin)) + "\n";
    begin = end + 1;
  }
  return item + "</pre></details></li>\n";
}

std::string ScriptJson(const nlohmann::ordered_json& json) {
  std::string escaped;
  for (const char letter : json.dump()) {
    if (letter == '<') {
      escaped += "\\u003c";  // "</script>" and "<!--"; only strings can hold it
    } else {
      escaped += letter;
    }
  }
  return escaped;
}

}  // namespace stressbot::html
