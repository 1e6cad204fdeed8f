#include "StressBot/dashboard/plot/PlotStyle.h"

namespace stressbot::plot {

const PlotStyle& DarkPlots() {
  static constexpr PlotStyle kStyle{
      .card = FromHex(0x1a2029),
      .line = FromHex(0x3b4656),
      .grid = FromHex(0x28303b),
      .text = FromHex(0xe4e9f0),
      .quiet = FromHex(0x9aa7b8),
      .pass = FromHex(0x5fd39c),
      .fail = FromHex(0xff8593),
      .event = FromHex(0xf2c063),
      .chosen = FromHex(0x7db5ff),
      .unmeasured = FromHex(0xffffff, 0x0d),
      .paused = FromHex(0x63a8ff, 0x1c),
      .stuck = FromHex(0xf2c063, 0x38),
      .colors = {FromHex(0x63a8ff), FromHex(0xff9d4d), FromHex(0x4fc98e), FromHex(0x8f9bff),
                 FromHex(0xb794f6), FromHex(0x4dc4d1), FromHex(0xd0bb4a), FromHex(0xef8cc4),
                 FromHex(0x8f9bab), FromHex(0xc9976f)}};
  return kStyle;
}

const PlotStyle& LightPlots() {
  static constexpr PlotStyle kStyle{
      .card = FromHex(0xffffff),
      .line = FromHex(0xc9d1dc),
      .grid = FromHex(0xe6eaef),
      .text = FromHex(0x1b2430),
      .quiet = FromHex(0x566273),
      .pass = FromHex(0x0b6b43),
      .fail = FromHex(0xb3152c),
      .event = FromHex(0x7a4b00),
      .chosen = FromHex(0x0b56b3),
      .unmeasured = FromHex(0x1b2430, 0x0d),
      .paused = FromHex(0x1769c9, 0x18),
      .stuck = FromHex(0xd9a400, 0x33),
      .colors = {FromHex(0x1769c9), FromHex(0xc45f00), FromHex(0x0d8050), FromHex(0x3f4b9d),
                 FromHex(0x7a4fc0), FromHex(0x00838f), FromHex(0x7d6b00), FromHex(0xb83a86),
                 FromHex(0x7c8897), FromHex(0x80512f)}};
  return kStyle;
}

}  // namespace stressbot::plot
