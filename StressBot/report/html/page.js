// All charts together: they are read at one moment.

// ---- the page -----------------------------------------------------------------------------

class Page {
  constructor(section) {
    this.column = null;
    this.end = data.to[data.to.length - 1];
    section.hidden = false;
    const more = data.charts.some((spec) => spec.folded) ? element("details", { class: "more" }, null) : null;
    const folded = more && element("div", { class: "folded" }, more);
    this.charts = data.charts.map((spec) => new Chart(spec, this, spec.folded ? folded : section));
    if (!data.charts.some((spec) => spec.id === "errors")) element("p", { class: "hint" }, section, "No errors of any kind were seen.");
    if (more) this.addMore(more, section);
    this.draw();
    let width = section.clientWidth;
    new ResizeObserver(() => {
      if (section.clientWidth === width) return;
      width = section.clientWidth;
      this.draw();
    }).observe(section);
  }
  /** Folded charts have no width to be drawn in until they are unfolded. */
  addMore(more, section) {
    const names = this.charts.filter((chart) => chart.spec.folded).map((chart) => chart.spec.title);
    more.prepend(element("summary", {}, null, "More charts: " + names.join("; ")));
    more.addEventListener("toggle", () => this.draw());
    section.append(more);
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

/** A table that goes on to the right says so: without a scroll bar nobody would know. */
function hintAtMore() {
  for (const table of document.querySelectorAll(".scroll")) table.classList.toggle("goes-on", table.scrollWidth > table.clientWidth + 4);
}

function fillNavigation() {
  const list = document.getElementById("parts");
  for (const section of document.querySelectorAll("main > section")) {
    if (!section.hidden) element("a", { href: "#" + section.id }, list, section.querySelector("h2").textContent.split(",")[0]);
  }
}

if (data && data.charts.length > 0) new Page(document.getElementById("charts"));
document.addEventListener("DOMContentLoaded", () => {
  fillNavigation();
  hintAtMore();
});
addEventListener("resize", hintAtMore);
