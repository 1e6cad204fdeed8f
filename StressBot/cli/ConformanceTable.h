#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stressbot {

/// One misbehaviour and what became of it.
struct ConformanceRow {
  enum class Verdict : unsigned char { kGood, kFailed, kNotTried };

  std::string name;  ///< size-zero
  std::string sent;  ///< A header whose length is 0
  std::string did;   ///< closed, ignored, replied, hung, died
  std::string good;  ///< what good servers do: close, ...
  Verdict verdict = Verdict::kNotTried;
  std::string detail;  ///< a sentence about it, or empty
};

/// "SENT. Good servers GOOD." of a scenario's description into the row.
void ReadDescription(std::string_view description, ConformanceRow& row);

/// Lines for a terminal, one after the other: each row as soon as it is known.
class ConformanceTable {
 public:
  explicit ConformanceTable(const std::vector<ConformanceRow>& rows);
  std::string Head() const;
  std::string Line(const ConformanceRow& row) const;

 private:
  std::size_t name_columns_, sent_columns_;
};

std::size_t CountOf(const std::vector<ConformanceRow>& rows, ConformanceRow::Verdict verdict);
/// `schema` stressbot-conformance/1, for machines.
std::string ConformanceJson(const std::vector<ConformanceRow>& rows, std::string_view target,
                            int code);
/// A test case a misbehaviour; what could not be tried is skipped.
std::string ConformanceJunit(const std::vector<ConformanceRow>& rows, std::string_view target);

}  // namespace stressbot
