#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stressbot {

/// Text between tags: valid XML 1.0 whatever it contains.
std::string XmlText(std::string_view text);
/// The same within double quotes; line breaks and tabs are kept.
std::string XmlAttribute(std::string_view text);

/// ` name="value"` for each.
std::string XmlAttributes(const std::vector<std::pair<std::string_view, std::string>>& list);

}  // namespace stressbot
