// Draws the charts of the page, on one time axis. The data is what ChartsJson (HtmlCharts.cpp) made.
"use strict";

(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const MARGIN = { left: 62, right: 12, top: 22, bottom: 24 };
  const HEIGHTS = { latency: 280, heat: 210, errors: 180, bots: 180 };
  const HEIGHT = 160;
  const COLORS = {
    p50: 0, p95: 5, p99: 1, "p99.9": 3, max: 4, out: 1, in: 0, stressbot: 1,
    dormant: 8, connecting: 6, active: 0, ending: 1, away: 5,
  };

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
    ms: (value) => scaled(value, [[1e-6, "ns"], [1e-3, "µs"], [1, "ms"], [1e3, "s"]]),
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
    const step = end < 2 ? stepOf(end, most) : steps.find((size) => end / size <= most) ?? stepOf(end, most);
    const ticks = [];
    for (let at = 0; at <= end * 1.0001; at += step) ticks.push(at);
    return ticks;
  }
  function linearScale(most, height) {
    const top = most > 0 ? most * 1.06 : 1;
    const step = stepOf(top, Math.max(2, Math.floor(height / 34)));
    const ticks = [];
    for (let i = 0; i * step <= top; ++i) ticks.push(i * step);
    return { y: (value) => MARGIN.top + height * (1 - value / top), ticks };
  }
  function logScale(least, most, height) {
    const low = Math.log10(least) - 0.06;
    const high = Math.max(Math.log10(most) + 0.08, low + 0.4);
    const factors = high - low < 2.2 ? [1, 2, 5] : [1];
    const ticks = [];
    for (let power = Math.floor(low); power <= high; ++power) {
      for (const factor of factors) {
        const tick = factor * 10 ** power;
        if (Math.log10(tick) >= low && Math.log10(tick) <= high) ticks.push(tick);
      }
    }
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

  // ---- a chart ------------------------------------------------------------------------------

  class Chart {
    constructor(spec, page, parent) {
      this.spec = spec;
      this.page = page;
      this.hidden = new Set();
      this.choice = (spec.choices ?? [{ series: [] }])[0];
      this.format = FORMATS[spec.unit];
      this.height = HEIGHTS[spec.id] ?? HEIGHT;
      this.figure = element("figure", { class: "chart", id: "chart-" + spec.id }, parent);
      this.addCaption();
      this.plot = element("div", { class: "plot", tabindex: "0", role: "img" }, this.figure);
      this.legend = element("div", { class: "legend" }, this.figure);
      this.fillLegend();
      this.listen();
    }

    addCaption() {
      const caption = element("figcaption", {}, this.figure);
      element("h3", {}, caption, this.spec.title);
      if ((this.spec.choices ?? []).length > 1) {
        const select = element("select", { "aria-label": "Which step" }, caption);
        this.spec.choices.forEach((choice, i) => element("option", { value: i }, select, choice.name));
        select.addEventListener("change", () => this.choose(Number(select.value)));
      } else if (this.choice.name) {
        element("span", {}, caption, this.choice.name);
      }
      this.moment = element("span", { class: "moment" }, caption);
    }

    choose(place) {
      this.choice = this.spec.choices[place];
      this.fillLegend();
      this.draw();
      this.showAt(this.page.column);
    }

    /** Of a series: its colour is that of its name, or of its place. */
    colorOf(series, place) {
      return "c" + (COLORS[series.name] ?? [3, 1, 4, 6, 7, 0, 8, 2, 9, 5][place % 10]);
    }

    fillLegend() {
      this.legend.replaceChildren();
      this.values = this.choice.series.map((series, i) => {
        const button = element("button", { type: "button", "aria-pressed": !this.hidden.has(series.name) }, this.legend);
        element("span", { class: "swatch " + this.colorOf(series, i), "aria-hidden": "true" }, button);
        element("span", {}, button, series.name);
        button.addEventListener("click", () => this.toggle(series.name, button));
        return element("span", { class: "value" }, button);
      });
      if (this.choice.at_least) element("span", { class: "key" }, this.legend, "▲ touches time-outs: at least that");
    }

    toggle(name, button) {
      if (!this.hidden.delete(name)) this.hidden.add(name);
      button.setAttribute("aria-pressed", String(!this.hidden.has(name)));
      this.draw();
      this.showAt(this.page.column);
    }

    listen() {
      const look = (event) => {
        const box = this.plot.getBoundingClientRect();
        this.page.showAt(this.page.columnAt(this.timeAt(event.clientX - box.left)));
      };
      this.plot.addEventListener("pointermove", look);
      this.plot.addEventListener("pointerdown", look);
      this.plot.addEventListener("pointerleave", (event) => {
        if (event.pointerType === "mouse") this.page.showAt(null);
      });
      this.plot.addEventListener("keydown", (event) => {
        const last = data.from.length - 1;
        const now = this.page.column ?? -1;
        const steps = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: last, PageDown: now + 10, PageUp: now - 10 };
        if (event.key === "Escape") return this.page.showAt(null);
        if (!(event.key in steps)) return;
        event.preventDefault();
        this.page.showAt(Math.min(last, Math.max(0, steps[event.key])));
      });
    }

    x(time) { return MARGIN.left + (this.width - MARGIN.left - MARGIN.right) * time / this.page.end; }
    timeAt(x) { return (x - MARGIN.left) / (this.width - MARGIN.left - MARGIN.right) * this.page.end; }
    middle(column) { return this.x((data.from[column] + data.to[column]) / 2); }
    shown() { return this.choice.series.map((series, i) => [series, i]).filter(([series]) => !this.hidden.has(series.name)); }

    // ---- drawing

    draw() {
      this.width = Math.max(240, this.plot.clientWidth);
      this.inner = this.height - MARGIN.top - MARGIN.bottom;
      this.svg = shape("svg", { viewBox: `0 0 ${this.width} ${this.height}`, "aria-hidden": "true" }, this.plot);
      this.plot.replaceChildren(this.svg);
      this.scale = this.scaleOf();
      this.drawBackground();
      this.drawGrid();
      if (this.isStack()) this.drawStack();
      else if (this.spec.kind === "heat") this.drawHeat();
      else this.drawLines();
      this.drawEvents();
      this.drawLimits();
      this.cross = shape("line", { class: "cross", y1: MARGIN.top, y2: MARGIN.top + this.inner, x1: -9, x2: -9 }, this.svg);
      this.plot.setAttribute("aria-label", this.describe());
    }

    isStack() { return this.spec.kind === "stack" || this.spec.kind === "area"; }

    scaleOf() {
      if (this.spec.kind === "heat") {
        const edges = this.spec.heat.edges.filter((edge) => edge > 0);
        return logScale(edges[0], edges[edges.length - 1], this.inner);
      }
      if (this.isStack()) {
        const sums = data.from.map((_, i) => this.shown().reduce((sum, [series]) => sum + (series.v[i] ?? 0), 0));
        return linearScale(Math.max(...sums), this.inner);
      }
      const all = this.shown().flatMap(([series]) => [...series.v, ...(series.hi ?? [])]).filter((value) => value !== null);
      if (this.spec.kind === "line") return linearScale(Math.max(0, ...all), this.inner);
      const above = [...all, ...(this.choice.limits ?? []).map((limit) => limit.value)].filter((value) => value > 0);
      return above.length > 0 ? logScale(Math.min(...above), Math.max(...above), this.inner) : logScale(0.1, 10, this.inner);
    }

    drawBackground() {
      const box = (from, to, attributes) => shape("rect", {
        x: fixed(this.x(from)), width: fixed(Math.max(0, this.x(Math.min(to, this.page.end)) - this.x(from))),
        y: MARGIN.top, height: this.inner, ...attributes }, this.svg);
      const [from, to] = data.measured ?? [0, 0];
      if (from > 0) box(0, from, { class: "unmeasured" });
      if (to < this.page.end) box(to, this.page.end, { class: "unmeasured" });
      const excused = data.events.filter((event) => event.until !== undefined);
      if (excused.length === 0) return;
      const id = "hatch-" + this.spec.id;
      const pattern = shape("pattern", { id, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
        shape("defs", {}, this.svg));
      shape("line", { class: "hatch", y2: 7 }, pattern);
      for (const event of excused) box(event.at, event.until, { fill: `url(#${id})` });
    }

    drawGrid() {
      const bottom = MARGIN.top + this.inner;
      const right = this.width - MARGIN.right;
      for (const tick of this.scale.ticks) {
        const y = fixed(this.scale.y(tick));
        shape("line", { class: "grid", x1: MARGIN.left, x2: right, y1: y, y2: y }, this.svg);
        shape("text", { x: MARGIN.left - 7, y: y + 4, "text-anchor": "end" }, this.svg, this.format(tick));
      }
      shape("line", { class: "axis", x1: MARGIN.left, x2: right, y1: bottom, y2: bottom }, this.svg);
      for (const tick of timeTicks(this.page.end, Math.max(3, Math.floor(this.width / 90)))) {
        const x = fixed(this.x(tick));
        shape("line", { class: "axis", x1: x, x2: x, y1: bottom, y2: bottom + 4 }, this.svg);
        const anchor = x > right - 14 ? "end" : "middle";
        shape("text", { x, y: bottom + 17, "text-anchor": anchor }, this.svg, moment(tick));
      }
      const [from] = data.measured ?? [0];
      if (this === this.page.charts[0] && from > 0 && this.x(from) - MARGIN.left > 56)
        shape("text", { class: "note", x: MARGIN.left + 4, y: bottom - 6 }, this.svg, "warm-up");
    }

    drawLines() {
      for (const [series, i] of this.shown()) {
        const color = this.colorOf(series, i);
        if (series.hi) this.drawBand(series, color);
        let path = "";
        let inLine = false;
        series.v.forEach((value, column) => {
          if (value === null) { inLine = false; return; }
          const point = fixed(this.middle(column)) + " " + fixed(this.scale.y(value));
          path += inLine ? "L" + point : "M" + point + "h.01"; // so that a single point shows
          inLine = true;
        });
        shape("path", { class: "line " + color, d: path }, this.svg);
        if (this.choice.at_least) this.drawBounds(series, i, color);
      }
    }

    drawBand(series, color) {
      const edge = (values) => values.flatMap((value, column) =>
        value === null ? [] : [fixed(this.middle(column)) + " " + fixed(this.scale.y(value))]);
      shape("path", { class: "band " + color, d: "M" + [...edge(series.hi), ...edge(series.lo).reverse()].join("L") + "Z" }, this.svg);
    }

    /** An arrow up on what is only known as "at least". */
    drawBounds(series, place, color) {
      const path = this.choice.at_least.map((from, column) => place < from || series.v[column] === null ? "" :
        `M${fixed(this.middle(column) - 4)} ${fixed(this.scale.y(series.v[column]) + 3)}l4 -8l4 8z`).join("");
      if (path) shape("path", { class: "bound " + color, d: path }, this.svg);
    }

    /** Counts hold from the beginning of a column to its end; of an "area" they are samples at the end. */
    drawStack() {
      const below = data.from.map(() => 0);
      const edges = (columns) => this.spec.kind === "stack" ?
        columns.flatMap((y, i) => [[data.from[i], y], [data.to[i], y]]) :
        [[data.from[0], columns[0]], ...columns.map((y, i) => [data.to[i], y])];
      const points = (columns) => edges(columns).map(([time, y]) => fixed(this.x(time)) + " " + fixed(this.scale.y(y)));
      for (const [series, i] of this.shown()) {
        const lower = points(below);
        series.v.forEach((value, column) => { below[column] += value ?? 0; });
        const outline = [...points(below), ...lower.reverse()].join("L");
        shape("path", { class: "area " + this.colorOf(series, i), d: "M" + outline + "Z" }, this.svg);
      }
    }

    /** One path for each of eight shades; the shade is the logarithm of how many fell into a cell. */
    drawHeat() {
      const { edges, cells } = this.spec.heat;
      const most = Math.max(1, ...cells.flatMap((column) => column.filter((_, i) => i % 2 === 1)));
      const shades = Array.from({ length: 8 }, () => "");
      cells.forEach((column, place) => {
        const x = fixed(this.x(data.from[place]));
        const width = fixed(Math.max(0.6, this.x(data.to[place]) - this.x(data.from[place])));
        for (let i = 0; i < column.length; i += 2) {
          const top = fixed(this.scale.y(edges[column[i] + 1]));
          const bottom = fixed(this.scale.y(Math.max(edges[column[i]], 1e-6)));
          const shade = most === 1 ? 7 : Math.min(7, Math.floor(8 * Math.log(column[i + 1]) / Math.log(most)));
          shades[shade] += `M${x} ${top}h${width}V${bottom}h${-width}z`;
        }
      });
      shades.forEach((d, i) => { if (d) shape("path", { class: "cell", opacity: 0.16 + 0.12 * i, d }, this.svg); });
      if (this.ramp) return;
      this.ramp = element("span", { class: "key" }, this.legend, "requests in a cell: 1 ");
      const ramp = element("span", { class: "ramp" }, this.ramp);
      for (let i = 0; i < 8; ++i) element("i", {}, ramp).style.opacity = 0.16 + 0.12 * i;
      this.ramp.append(" " + count(most));
      this.heatValue = element("span", { class: "key" }, this.legend);
    }

    drawEvents() {
      let free = -Infinity;
      data.events.forEach((event, i) => {
        const x = fixed(this.x(Math.min(event.at, this.page.end)));
        shape("line", { class: "event", x1: x, x2: x, y1: MARGIN.top - 4, y2: MARGIN.top + this.inner }, this.svg);
        if (x < free) return;
        const next = data.events.slice(i + 1).map((other) => this.x(other.at)).find((other) => other > x + 20);
        const name = this === this.page.charts[0] ? `${i + 1} ${event.text}` : String(i + 1);
        const label = shape("text", { class: "event", x, y: MARGIN.top - 8 }, this.svg, name);
        free = x + this.fit(label, Math.min(next ?? Infinity, this.width) - 6 - x, x - Math.max(free, 0));
        shape("title", {}, label, `${i + 1} ${event.text}`);
      });
    }

    /**
     * Shortens a label to the room that it has right of its line, or left of it where that is nothing.
     * Returns how far it goes to the right.
     */
    fit(label, right, left) {
      const width = () => label.getComputedTextLength();
      if (width() <= right) return width() + 8;
      const goes_left = right < 70 && left > 100;
      if (goes_left) label.setAttribute("text-anchor", "end");
      const room = goes_left ? left - 8 : right;
      const full = label.textContent;
      const number = full.split(" ")[0];
      if (room < 70) {
        label.textContent = number;
        if (width() > right) label.setAttribute("text-anchor", "end");
        return width() + 6;
      }
      let length = Math.ceil(full.length * room / width());
      while (width() > room && length > number.length) label.textContent = full.slice(0, length--).trimEnd() + "…";
      return goes_left ? 6 : width() + 8;
    }

    drawLimits() {
      for (const limit of this.choice.limits ?? []) {
        const y = fixed(this.scale.y(limit.value));
        const state = "limit" + (limit.passed ? "" : " broken");
        shape("line", { class: state, x1: MARGIN.left, x2: this.width - MARGIN.right, y1: y, y2: y }, this.svg);
        shape("text", { class: state, x: this.width - MARGIN.right - 4, y: y > MARGIN.top + 20 ? y - 5 : y + 15, "text-anchor": "end" },
          this.svg, limit.name + (limit.passed ? "" : " failed"));
      }
    }

    // ---- reading

    describe() {
      const most = this.shown().map(([series]) => {
        const known = series.v.filter((value) => value !== null);
        return known.length > 0 ? `${series.name} at most ${this.format(Math.max(...known))}` : "";
      });
      return [this.spec.title + (this.choice.name ? " of " + this.choice.name : ""), ...most.filter(Boolean)].join("; ");
    }

    /** What the legend says of a series at a moment, or of the whole run. */
    textAt(series, place, column) {
      if (column === null) {
        const known = series.v.filter((value) => value !== null);
        return known.length > 0 ? "max\u00a0" + this.format(Math.max(...known, ...(series.hi ?? []))) : "";
      }
      const value = series.v[column];
      if (value === null) return "–";
      return (this.choice.at_least && place >= this.choice.at_least[column] ? "≥\u00a0" : "") + this.format(value);
    }

    showAt(column) {
      const x = column === null ? -9 : fixed(this.middle(column));
      this.cross.setAttribute("x1", x);
      this.cross.setAttribute("x2", x);
      this.moment.textContent = column === null ? "" : `${moment(data.from[column])} – ${moment(data.to[column])}`;
      this.choice.series.forEach((series, i) => {
        this.values[i].textContent = this.textAt(series, i, column);
      });
      if (this.heatValue) this.heatValue.textContent = column === null ? "" : this.describeHeat(column);
    }

    describeHeat(column) {
      const cells = this.spec.heat.cells[column];
      let sum = 0, top = 0;
      for (let i = 0; i < cells.length; i += 2) {
        sum += cells[i + 1];
        if (cells[i + 1] > cells[top + 1]) top = i;
      }
      if (sum === 0) return "\u00a0·\u00a0 no requests";
      const edge = (row) => this.format(this.spec.heat.edges[row]);
      return `\u00a0·\u00a0 ${count(sum)} requests, most often ${edge(cells[top])} to ${edge(cells[top] + 1)}`;
    }
  }

  // ---- the page -----------------------------------------------------------------------------

  class Page {
    constructor(section) {
      this.column = null;
      this.end = data.to[data.to.length - 1];
      section.hidden = false;
      this.charts = data.charts.map((spec) => new Chart(spec, this, section));
      if (!data.charts.some((spec) => spec.id === "errors")) element("p", { class: "hint" }, section, "No errors of any kind were seen.");
      this.draw();
      let width = section.clientWidth;
      new ResizeObserver(() => {
        if (section.clientWidth === width) return;
        width = section.clientWidth;
        this.draw();
      }).observe(section);
    }
    draw() {
      for (const chart of this.charts) {
        chart.draw();
        chart.showAt(this.column);
      }
    }
    showAt(column) {
      this.column = column;
      for (const chart of this.charts) chart.showAt(column);
    }
    columnAt(time) {
      let low = 0, high = data.to.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (data.to[middle] < time) low = middle + 1; else high = middle;
      }
      return low;
    }
  }

  function fillNavigation() {
    const list = document.getElementById("parts");
    for (const section of document.querySelectorAll("main > section")) {
      if (!section.hidden) element("a", { href: "#" + section.id }, list, section.querySelector("h2").textContent.split(",")[0]);
    }
  }

  if (data && data.charts.length > 0) new Page(document.getElementById("charts"));
  document.addEventListener("DOMContentLoaded", fillNavigation);
})();
