#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "StressBot/dashboard/screens/run/RunContext.h"

namespace stressbot::run {

/// What the server wrote: with a filter, following its end unless somebody scrolled up.
class ServerOutput {
 public:
  void Draw(const RunContext& run);

 private:
  void TakeLines(const RunContext& run);
  void DrawTools(const RunContext& run);
  void DrawLines(const RunContext& run);
  std::string AllText() const;

  std::uint64_t version_ = 0;
  std::shared_ptr<const RunView> lines_of_;
  std::string filter_, order_filter_;
  std::vector<ServerLine> lines_;
  std::vector<std::size_t> order_;
  bool follows_ = true;
  bool is_new_ = false;  ///< lines came since the last frame
};

}  // namespace stressbot::run
