#pragma once

namespace stressbot {

/// The value that a variable with Student's t distribution of so many degrees of freedom exceeds
/// with probability `tail` (0 < tail < 0.5), to nine digits. The distribution's closed form for
/// whole degrees (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4),
/// inverted by bisection. REQUIRES degrees >= 1.
double StudentTQuantile(double tail, int degrees);

}  // namespace stressbot
