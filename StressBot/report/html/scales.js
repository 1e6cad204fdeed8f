// What the page has to draw, numbers for people, scales and ticks. embed.py joins the scripts into one.

// What ChartsJson (HtmlCharts.cpp) made.
const data = JSON.parse(document.getElementById("data").textContent);
const MARGIN = { left: 62, right: 12, top: 22, bottom: 24 };

// ---- numbers for people -------------------------------------------------------------------

function short(value) {
  if (value === 0) return "0";
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value >= 1000 ? Math.round(value).toLocaleString("en") : String(Number(value.toFixed(decimals)));
}
function scaled(value, steps) {
  let [size, name] = steps[0];
  for (const step of steps) if (Math.abs(value) >= step[0] * 0.9995) [size, name] = step;
  return short(value / size) + (name ? "\u00a0" + name : "");
}
const COUNTS = [[1, ""], [1e4, "k"], [1e6, "M"], [1e9, "G"]].map(([size, name]) => [name === "k" ? 1e3 : size, name, size]);
function count(value) {
  let [size, name] = COUNTS[0];
  for (const [unit, text, from] of COUNTS) if (Math.abs(value) >= from) [size, name] = [unit, text];
  return short(value / size) + (name ? "\u00a0" + name : "");
}
const BYTES = [[1, "B"], [1e3, "kB"], [1e6, "MB"], [1e9, "GB"], [1e12, "TB"]];
const FORMATS = {
  ms: (value) => scaled(value, [[1e-6, "ns"], [1e-3, "us"], [1, "ms"], [1e3, "s"]]),
  count,
  rate: (value) => count(value) + "/s",
  bytes: (value) => scaled(value, BYTES),
  bytes_rate: (value) => scaled(value, BYTES) + "/s",
  percent: (value) => short(value) + "\u00a0%",
};

/** A moment of the run: "7 s", "1:05", "2:00:05". */
function moment(seconds) {
  if (data.to[data.to.length - 1] < 100) return Number(seconds.toFixed(1)) + "\u00a0s";
  const whole = Math.round(seconds);
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return minutes + ":" + two(whole % 60);
  return Math.floor(minutes / 60) + ":" + two(minutes % 60) + ":" + two(whole % 60);
}

// ---- scales and ticks ---------------------------------------------------------------------

/** The smallest 1, 2 or 5 times a power of ten that makes at most `most` steps. */
function stepOf(range, most) {
  const rough = range / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough * 0.9999);
}
function timeTicks(end, most) {
  const steps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600, 43200, 86400];
  // A run of 30.005 s is one of 30 s.
  const step = end < 2 ? stepOf(end, most) : steps.find((size) => end / size <= most * 1.02) ?? stepOf(end, most);
  const ticks = [];
  for (let at = 0; at <= end * 1.0001; at += step) ticks.push(at);
  return ticks;
}
/** From zero to a tick that is not below the peak, so that everybody can read how high it is. */
function linearScale(most, height) {
  const step = most > 0 ? stepOf(most, Math.max(2, Math.floor(height / 34))) : 1;
  const steps = Math.max(1, Math.ceil(most / step - 1e-9));
  const top = steps * step;
  const ticks = [];
  for (let i = 0; i <= steps; ++i) ticks.push(i * step);
  return { y: (value) => MARGIN.top + height * (1 - value / top), ticks };
}
/** The smallest 1, 2 or 5 times a power of ten that is not below. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= value * 0.9999);
}
function logScale(least, most, height) {
  const low = Math.log10(least) - 0.06;
  const top = roundUp(Math.max(most, least * 2));
  const high = Math.log10(top);
  const factors = high - low < 2.2 ? [1, 2, 5] : [1];
  const ticks = [];
  for (let power = Math.floor(low); power <= high; ++power) {
    for (const factor of factors) {
      const tick = factor * 10 ** power;
      const free = (high - Math.log10(tick)) / (high - low) * height;
      if (Math.log10(tick) >= low && free > 15) ticks.push(tick);
    }
  }
  ticks.push(top);
  const y = (value) => MARGIN.top + height * (1 - (Math.log10(Math.max(value, least)) - low) / (high - low));
  return { y, ticks };
}

// ---- elements -----------------------------------------------------------------------------

function element(name, attributes, parent, text) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  if (parent) parent.append(made);
  return made;
}
function shape(name, attributes, parent, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}
const fixed = (number) => Math.round(number * 10) / 10;
