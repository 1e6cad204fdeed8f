// One chart, on the time axis that all share.

const HEIGHTS = { latency: 280, heat: 210, errors: 180, bots: 180 };
const HEIGHT = 160;
const COLORS = {
  p50: 0, p95: 5, p99: 1, "p99.9": 3, max: 4, out: 1, in: 0, stressbot: 8,
  dormant: 8, connecting: 6, active: 0, ending: 1, away: 5,
};

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
    if (spec.note) element("p", { class: "hint" }, this.figure, spec.note);
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

  /** Of a series: its own colour, that of its name, or of its place. None is red: that is for what failed. */
  colorOf(series, place) {
    return "c" + (series.color ?? COLORS[series.name] ?? [1, 4, 0, 6, 7, 3, 8, 2, 9, 5][place % 10]);
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
  /** Of series that end before the run does: how many columns they have. */
  columnsOf(series) {
    return series.v.findLastIndex((value) => value !== null) + 1;
  }
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
    this.drawSilence();
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
    for (const pause of data.pauses) box(pause.from, pause.to, { class: "paused" });
    for (const incident of data.incidents) box(incident.from, incident.to, { class: "incident" });
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
    for (const tick of timeTicks(this.page.end, Math.max(3, Math.floor(this.width / 75)))) {
      const x = fixed(this.x(tick));
      shape("line", { class: "axis", x1: x, x2: x, y1: bottom, y2: bottom + 4 }, this.svg);
      const anchor = x > right - 14 ? "end" : "middle";
      shape("text", { x, y: bottom + 17, "text-anchor": anchor }, this.svg, moment(tick));
    }
    const [from] = data.measured ?? [0];
    if (this === this.page.charts[0] && from > 0 && this.x(from) - MARGIN.left > 56)
      shape("text", { class: "note", x: MARGIN.left + 4, y: bottom - 6 }, this.svg, "warm-up");
  }

  /** Where no reply came there is nothing to draw, which must not look as if nothing was the matter. */
  drawSilence() {
    if (this.spec.id !== "latency" && this.spec.id !== "heat") return;
    for (const { silent } of data.incidents) {
      if (!silent) continue;
      const left = this.x(silent[0]);
      const width = this.x(silent[1]) - left;
      const middle = MARGIN.top + this.inner / 2;
      const label = shape("text", { class: "silence", x: fixed(left + width / 2), y: fixed(middle), "text-anchor": "middle" },
        this.svg, "no replies");
      if (label.getComputedTextLength() > width - 4)
        label.setAttribute("transform", `rotate(-90 ${fixed(left + width / 2)} ${fixed(middle)}) translate(0 4)`);
    }
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
    const columns = Math.max(0, ...this.shown().map(([series]) => this.columnsOf(series)));
    const below = data.from.slice(0, columns).map(() => 0);
    const edges = (heights) => this.spec.kind === "stack" ?
      heights.flatMap((y, i) => [[data.from[i], y], [data.to[i], y]]) :
      [[data.from[0], heights[0]], ...heights.map((y, i) => [data.to[i], y])];
    const points = (heights) => edges(heights).map(([time, y]) => fixed(this.x(time)) + " " + fixed(this.scale.y(y)));
    for (const [series, i] of this.shown()) {
      const lower = points(below);
      below.forEach((_, column) => { below[column] += series.v[column] ?? 0; });
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
