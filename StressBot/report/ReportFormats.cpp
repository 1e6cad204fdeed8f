#include "StressBot/report/ReportFormats.h"

#include <array>

#include "StressBot/report/CsvReport.h"
#include "StressBot/report/HdrReport.h"
#include "StressBot/report/HtmlReport.h"
#include "StressBot/report/JsonReport.h"
#include "StressBot/report/JunitReport.h"
#include "StressBot/report/MarkdownReport.h"

namespace stressbot {

namespace {

constexpr std::array kFormats{
    ReportFormat{"json", "everything, for machines", WriteJson},
    ReportFormat{"junit", "test cases for CI servers", WriteJunit},
    ReportFormat{"html", "a page with charts, for people", WriteHtml},
    ReportFormat{"markdown", "a page for a CI job", WriteMarkdown},
    ReportFormat{"csv", "a number a line, for spreadsheets", WriteCsv},
    ReportFormat{"hdr", "histograms for HdrHistogram's tools", WriteHdrLog},
};

}  // namespace

std::span<const ReportFormat> ReportFormats() { return kFormats; }

const ReportFormat* FindReportFormat(std::string_view name) {
  for (const ReportFormat& format : kFormats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

}  // namespace stressbot
