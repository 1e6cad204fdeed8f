#pragma once
#include <string>

#include "StressBot/analysis/Comparison.h"

namespace stressbot {

/// For people: what got worse first, a figure a line, then in words what it comes to.
std::string FormatComparison(const Comparison& comparison);

/// The same for a pull request, in GitHub's Markdown.
std::string ComparisonMarkdown(const Comparison& comparison);

/// Everything, schema "stressbot-compare/1" (docs/REPORTS.md).
std::string ComparisonJson(const Comparison& comparison);

/// A test case for each figure, and one for the verdict; what got worse is a failure.
std::string ComparisonJunit(const Comparison& comparison);

}  // namespace stressbot
