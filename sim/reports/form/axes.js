// Scales, axes and small marks: what every chart draws with.
const NS = "http://www.w3.org/2000/svg";
const COLOURS = ["#0072b2", "#d55e00", "#00795a", "#a3447c", "#8a6a00", "#444444", "#2f8fc9", "#7a3b9a"];
const RECORD = "#b34700";

// Makes an SVG element; text is set as text, never parsed.
function shape(parent, name, attributes, text) {
  const node = document.createElementNS(NS, name);
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  if (text !== undefined) node.textContent = text;
  parent.appendChild(node);
  return node;
}

function element(parent, name, attributes, text) {
  const node = document.createElement(name);
  for (const key in attributes || {}) node.setAttribute(key, attributes[key]);
  if (text !== undefined) node.textContent = text;
  parent.appendChild(node);
  return node;
}

function clear(node) { while (node.firstChild) node.removeChild(node.firstChild); }

// Writes a number for people: whole ones in full, others to three digits.
function written(value) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 1000) return String(Math.round(value)).replace("-", "−");
  return String(Number(value.toPrecision(3))).replace("-", "−");
}

function percent(share) {
  const value = 100 * share;
  if (value > 0 && value < 0.1) return "under 0.1 %";
  return (value < 10 ? value.toFixed(1) : value.toFixed(0)) + " %";
}

// Round steps between two numbers, at most `most` of them.
function ticks(low, high, most, whole) {
  const span = high - low || 1;
  let step = Math.pow(10, Math.floor(Math.log10(span / most)));
  for (const factor of [1, 2, 5, 10]) if (span / (step * factor) <= most) { step *= factor; break; }
  if (whole) step = Math.max(1, Math.round(step));
  const found = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + 1e-9 * span; n++) found.push(Number((n * step).toPrecision(12)));
  return found;
}

// An empty sheet with axes. `x` and `y` map values to places.
function sheet(svg, low, high, top, options) {
  clear(svg);
  const width = Math.max(320, Math.min(1080, Math.round(svg.parentNode.clientWidth || 900)));
  const height = width < 600 ? 300 : 360;
  svg.setAttribute("viewBox", "0 0 " + width + " " + height);
  const box = { left: 58, right: width - 18, top: 28, bottom: height - 52, width, height };
  const x = (v) => box.left + (v - low) / (high - low || 1) * (box.right - box.left);
  const y = (v) => box.bottom - (v - options.floor) / (top - options.floor || 1) * (box.bottom - box.top);
  for (const value of ticks(options.floor, top, 5, options.wholeUp)) {
    shape(svg, "line", { x1: box.left, x2: box.right, y1: y(value), y2: y(value), stroke: "#e3e3e3" });
    shape(svg, "text", { x: box.left - 7, y: y(value) + 4, "text-anchor": "end", class: "faint" }, options.up(value));
  }
  if (options.marks) {
    const every = Math.ceil(options.marks.length / Math.max(2, Math.floor(width / 120)));
    options.marks.forEach((mark, n) => {
      if (n % every === 0) shape(svg, "text", { x: x(mark[0]), y: box.bottom + 19, "text-anchor": "middle", class: "faint" }, mark[1]);
    });
  } else {
    for (const value of ticks(low, high, Math.max(3, Math.floor(width / 110)), options.whole)) {
      shape(svg, "line", { x1: x(value), x2: x(value), y1: box.bottom, y2: box.bottom + 5, stroke: "#555" });
      shape(svg, "text", { x: x(value), y: box.bottom + 19, "text-anchor": "middle", class: "faint" }, written(value));
    }
  }
  shape(svg, "line", { x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom, stroke: "#555" });
  shape(svg, "text", { x: (box.left + box.right) / 2, y: height - 10, "text-anchor": "middle" }, options.across);
  shape(svg, "text", { x: 8, y: 16 }, options.upward);
  return { svg, box, x, y, low, high };
}

// The record's value with its own interval, and its name where there is room.
function markRecord(plot, record) {
  const { svg, box, x } = plot;
  const inside = (v) => Math.min(box.right, Math.max(box.left, x(v)));
  shape(svg, "line", { x1: inside(record.low), x2: inside(record.high), y1: box.top + 8, y2: box.top + 8, stroke: RECORD, "stroke-width": 2 });
  shape(svg, "line", { x1: x(record.value), x2: x(record.value), y1: box.top, y2: box.bottom, stroke: RECORD, "stroke-width": 2, "stroke-dasharray": "6 4" });
  const right = x(record.value) > (box.left + box.right) / 2;
  shape(svg, "text", { x: x(record.value) + (right ? -6 : 6), y: box.top - 4, "text-anchor": right ? "end" : "start", class: "record" }, "record " + written(record.value));
}

// Calls `show(place)` as a pointer or the arrow keys move over a chart of n places.
function follow(svg, places, show) {
  let at = -1;
  const move = (n) => { at = Math.max(0, Math.min(places.length - 1, n)); show(at); };
  const nearest = (event) => {
    const rect = svg.getBoundingClientRect();
    const scale = svg.viewBox.baseVal.width / rect.width;
    const px = (event.clientX - rect.left) * scale, py = (event.clientY - rect.top) * scale;
    let best = 0, least = Infinity;
    places.forEach((p, n) => {
      const d = Math.abs(p[0] - px) + (p.length > 1 ? Math.abs(p[1] - py) : 0);
      if (d < least) { least = d; best = n; }
    });
    move(best);
  };
  svg.onpointermove = nearest;
  svg.onpointerdown = nearest;
  svg.onkeydown = (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by && places.length) { event.preventDefault(); move(at + by); }
  };
}
