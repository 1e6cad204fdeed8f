#include "StressBot/metrics/SlopeFit.h"

#include <algorithm>
#include <vector>

namespace stressbot {

namespace {

struct Block {
  double minute = 0;  ///< where on the time axis it belongs
  double mean = 0, floor = 0;
  std::size_t samples = 0;
};

std::size_t SamplesOf(const GaugeCurve& curve) {
  std::size_t samples = 0;
  for (const GaugeCurve::Point& point : curve.points) samples += point.intervals;
  return samples;
}

/// A point that stands for several samples lies in the block of its middle.
std::vector<Block> BlocksOf(const GaugeCurve& curve, std::size_t samples) {
  std::vector<Block> blocks(SlopeFit::kBlocks);
  std::size_t before = 0;
  for (const GaugeCurve::Point& point : curve.points) {
    const std::size_t middle = before + point.intervals / 2;
    Block& block = blocks[std::min(middle * SlopeFit::kBlocks / samples, SlopeFit::kBlocks - 1)];
    block.floor = block.samples == 0 ? point.min : std::min(block.floor, point.min);
    block.samples += point.intervals;
    const double share = static_cast<double>(point.intervals) / static_cast<double>(block.samples);
    block.minute += (point.minute - block.minute) * share;
    block.mean += (point.mean - block.mean) * share;
    before += point.intervals;
  }
  std::erase_if(blocks, [](const Block& block) { return block.samples == 0; });
  return blocks;
}

/// Of all pairs, ascending, per hour.
std::vector<double> SlopesOf(const std::vector<Block>& blocks, double Block::*value) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    for (std::size_t j = i + 1; j < blocks.size(); ++j) {
      const double hours = (blocks[j].minute - blocks[i].minute) / 60;
      if (hours > 0) slopes.push_back((blocks[j].*value - blocks[i].*value) / hours);
    }
  }
  std::sort(slopes.begin(), slopes.end());
  return slopes;
}

double MedianOf(const std::vector<double>& sorted) {
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

}  // namespace

std::optional<SlopeFit> FitSlope(const GaugeCurve& curve) {
  SlopeFit fit;
  fit.samples = SamplesOf(curve);
  if (fit.samples == 0) return std::nullopt;
  const std::vector<Block> blocks = BlocksOf(curve, fit.samples);
  const std::vector<double> means = SlopesOf(blocks, &Block::mean);
  if (means.empty()) return std::nullopt;
  fit.per_hour = MedianOf(means);
  if (fit.samples < SlopeFit::kSamplesMin || blocks.size() < SlopeFit::kBlocks) return fit;
  const std::vector<double> floors = SlopesOf(blocks, &Block::floor);
  constexpr std::size_t kLow = SlopeFit::kRank - 1;
  const std::size_t high = means.size() - SlopeFit::kRank;
  fit.interval = {std::min(means[kLow], floors[kLow]), std::max(means[high], floors[high])};
  return fit;
}

}  // namespace stressbot
