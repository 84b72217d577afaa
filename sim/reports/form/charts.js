// The three forms of chart. Each is drawn into a figure from its data.

function control(figure, name, options, chosen) {
  const label = element(figure.querySelector(".controls"), "label", {}, name);
  const select = element(label, "select");
  const groups = {};
  options.forEach((option, n) => {
    let parent = select;
    if (option.group) parent = groups[option.group] || (groups[option.group] = element(select, "optgroup", { label: option.group }));
    element(parent, "option", { value: n }, option.label);
  });
  select.value = String(chosen || 0);
  return select;
}

function frame(figure, label) {
  element(figure, "div", { class: "controls" });
  const svg = shape(figure, "svg", { tabindex: 0, role: "img", "aria-label": label });
  const readout = element(figure, "output", { class: "readout" });
  const said = element(figure, "ul", { class: "said" });
  return { svg, readout, said };
}

const GROUPS = { main: "Main outcomes", reported: "All others, as the press reported", "true": "All others, as it happened" };

function distribution(figure, data) {
  const { svg, readout, said } = frame(figure, "Spread of an outcome; left and right arrow keys read its values");
  if (!data.options.length) { readout.textContent = "No outcome varies over these replications."; return; }
  const outcome = control(figure, "Outcome", data.options.map((o) => ({ label: o.label, group: GROUPS[o.group] })));
  const several = data.options[0].series.length > 1;
  const view = control(figure, "Shown as", [{ label: "histogram" }, { label: "share at or below (cumulative)" }], several ? 1 : 0);
  const draw = () => {
    const option = data.options[outcome.value];
    tell(said, option, several);
    readout.textContent = "Point at the chart for values.";
    (view.value === "0" ? histogram : cumulative)(svg, option, readout, several);
  };
  outcome.onchange = view.onchange = draw;
  return draw;
}

function tell(said, option, several) {
  clear(said);
  element(said, "li", { class: "meaning" }, option.meaning + ".");
  option.series.forEach((one, n) => {
    const item = element(said, "li");
    if (several) element(item, "span", { class: "key", style: "" }).style.background = COLOURS[n % COLOURS.length];
    let text = (several ? one.name + ": " : "") + one.said;
    if (one.n < one.of) text += "; defined in " + one.n + " of " + one.of + " replications";
    if (one.missing) text += "; in " + one.missing + " it did not come within the period";
    element(item, "span", {}, text + ".");
  });
  if (option.record) element(said, "li", {}, "Record: " + option.record.said);
}

function histogram(svg, option, readout, several) {
  const [start, step, bars] = option.edges;
  const shares = option.series.map((one) => one.counts.map((c) => c / (one.n || 1)));
  const top = 1.12 * Math.max(0.01, ...shares.flat());
  const plot = sheet(svg, start, start + step * bars, top, {
    floor: 0, up: (v) => percent(v).replace(".0", ""), whole: option.whole, across: option.unit, upward: "share of replications" });
  const cursor = shape(svg, "rect", { y: plot.box.top, height: plot.box.bottom - plot.box.top, width: 0, x: 0, fill: "#dfe7ee" });
  shares.forEach((series, s) => {
    const colour = COLOURS[s % COLOURS.length];
    if (!several) {
      series.forEach((share, n) => shape(svg, "rect", {
        x: plot.x(start + step * n) + 0.5, width: Math.max(0.5, plot.x(start + step) - plot.x(start) - 1),
        y: plot.y(share), height: plot.box.bottom - plot.y(share), fill: "#5aa5d0", class: "bar" }));
    } else {
      const path = series.map((share, n) => "V" + plot.y(share) + "H" + plot.x(start + step * (n + 1))).join("");
      shape(svg, "path", { d: "M" + plot.x(start) + " " + plot.box.bottom + path + "V" + plot.box.bottom, fill: "none", stroke: colour, "stroke-width": 2, class: "bar" });
    }
  });
  if (option.record) markRecord(plot, option.record);
  const places = [...Array(bars).keys()].map((n) => [plot.x(start + step * (n + 0.5))]);
  follow(svg, places, (n) => {
    const low = start + step * n;
    cursor.setAttribute("x", plot.x(low));
    cursor.setAttribute("width", plot.x(low + step) - plot.x(low));
    const first = Math.ceil(low), last = Math.ceil(low + step) - 1;
    const range = option.whole ? (first === last ? written(first) : written(first) + " to " + written(last)) : written(low) + " to " + written(low + step);
    readout.textContent = range + " " + option.unit + ": " + option.series.map((one, s) =>
      (several ? one.name + " " : "") + percent(shares[s][n]) + " (" + one.counts[n] + " of " + one.n + ")").join("; ");
  });
}

function cumulative(svg, option, readout, several) {
  const [start, step, bars] = option.edges;
  const end = start + step * bars;
  const plot = sheet(svg, start, end, 1, { floor: 0, up: percent, whole: option.whole, across: option.unit, upward: "share of replications at or below" });
  const cursor = shape(svg, "line", { y1: plot.box.top, y2: plot.box.bottom, x1: -9, x2: -9, stroke: "#888" });
  option.series.forEach((one, s) => {
    let path = "M" + plot.box.left + " " + plot.box.bottom;
    one.x.forEach((v, n) => { if (v <= end) path += "H" + Math.max(plot.box.left, plot.x(v)) + "V" + plot.y(one.share[n]); });
    shape(svg, "path", { d: path + "H" + plot.box.right, fill: "none", stroke: COLOURS[s % COLOURS.length], "stroke-width": 2, class: "bar" });
  });
  if (option.record) markRecord(plot, option.record);
  const values = option.whole ? ticksOf(start, end) : [...Array(101).keys()].map((n) => start + (end - start) * n / 100);
  follow(svg, values.map((v) => [plot.x(v)]), (n) => {
    const value = values[n];
    cursor.setAttribute("x1", plot.x(value));
    cursor.setAttribute("x2", plot.x(value));
    readout.textContent = "At or below " + written(value) + " " + option.unit + ": " + option.series.map((one) =>
      (several ? one.name + " " : "") + percent(reached(one, value))).join("; ");
  });
}

function ticksOf(low, high) {
  const found = [];
  for (let v = Math.ceil(low); v <= high; v++) found.push(v);
  return found;
}

function reached(one, value) {
  let share = 0;
  for (let n = 0; n < one.x.length && one.x[n] <= value + 1e-9; n++) share = one.share[n];
  return share;
}

function band(figure, data) {
  const { svg, readout, said } = frame(figure, "Attacks by week; left and right arrow keys read the weeks");
  if (data.record) element(said, "li", {}, "Orange: the record.");
  return () => {
    const n = data.labels.length;
    const top = 1.1 * Math.max(1, ...data.high, ...(data.record || [0]));
    const plot = sheet(svg, 0, n - 1, top, {
      floor: 0, up: written, wholeUp: true, across: "week that begins on", upward: "reported rocket attacks in the week",
      marks: data.labels.map((label, i) => [i, label]) });
    const first = data.first;
    const line = (values) => values.map((v, i) => (i ? "L" : "M") + plot.x(first + i) + " " + plot.y(v)).join("");
    const back = data.low.map((v, i) => "L" + plot.x(first + i) + " " + plot.y(v)).reverse().join("");
    shape(svg, "path", { d: line(data.high) + back + "Z", fill: "#cfe3f1" });
    shape(svg, "path", { d: line(data.mean), fill: "none", stroke: COLOURS[0], "stroke-width": 2, class: "bar" });
    if (data.record) data.record.forEach((v, i) => v !== null && shape(svg, "circle", { cx: plot.x(i), cy: plot.y(v), r: 3.5, fill: RECORD }));
    const cursor = shape(svg, "line", { y1: plot.box.top, y2: plot.box.bottom, x1: -9, x2: -9, stroke: "#888" });
    readout.textContent = "Point at the chart for values.";
    follow(svg, data.labels.map((_, i) => [plot.x(i)]), (i) => {
      cursor.setAttribute("x1", plot.x(i));
      cursor.setAttribute("x2", plot.x(i));
      const at = i - first, parts = [];
      if (at >= 0) parts.push("mean " + written(data.mean[at]) + ", 5 to 95 % of replications " + written(data.low[at]) + " to " + written(data.high[at]));
      if (data.record && data.record[i] !== null) parts.push("record " + data.record[i] + (at < 0 ? ", put in" : ""));
      readout.textContent = "Week of " + data.labels[i] + ": " + parts.join("; ");
    });
  };
}

function points(figure, data) {
  const { svg, readout, said } = frame(figure, "Means of the design points; left and right arrow keys read them");
  const outcome = control(figure, "Outcome", data.options);
  const factor = control(figure, "Across", data.factors.map((name) => ({ label: name })));
  const draw = () => {
    const option = data.options[outcome.value], name = data.factors[factor.value];
    const seen = option.points.map((p) => p.at[name]);
    const named = seen.some((v) => typeof v === "string");
    const levels = [...new Set(seen)].sort((a, b) => (a > b) - (a < b));
    const at = (p) => named ? levels.indexOf(p.at[name]) : p.at[name];
    const other = data.factors.find((f) => f !== name);
    const groupOf = (p) => (several(option.points, "arm") ? p.arm : other && fewLevels(option.points, other) ? other + " " + shown(p.at[other]) : "");
    const groups = [...new Set(option.points.map(groupOf))].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
    const lows = option.points.map((p) => p.low === null ? p.mean : p.low), highs = option.points.map((p) => p.high === null ? p.mean : p.high);
    const least = Math.min(...lows), most = Math.max(...highs), room = 0.06 * (most - least || 1);
    const xs = option.points.map(at), left = Math.min(...xs), right = Math.max(...xs), side = 0.07 * (right - left || 1);
    const plot = sheet(svg, left - side, right + side, most + room, {
      floor: least >= 0 ? Math.max(0, least - room) : least - room, up: written, across: name, upward: "mean" + (option.unit ? ", " + option.unit : ""),
      marks: named || levels.length <= 8 ? levels.map((v, n) => [named ? n : v, shown(v)]) : undefined });
    const shift = (p) => (groups.indexOf(groupOf(p)) - (groups.length - 1) / 2) * Math.min(9, 60 / groups.length);
    const places = option.points.map((p) => [plot.x(at(p)) + shift(p), plot.y(p.mean)]);
    const inOrder = places.map((_, n) => n).sort((a, b) => places[a][0] - places[b][0]);
    option.points.forEach((p, n) => {
      const colour = COLOURS[groups.indexOf(groupOf(p)) % COLOURS.length], px = places[n][0];
      shape(svg, "line", { x1: px, x2: px, y1: plot.y(lows[n]), y2: plot.y(highs[n]), stroke: colour, "stroke-width": 1.5 });
      shape(svg, "circle", { cx: px, cy: places[n][1], r: 4, fill: colour, class: "bar" });
    });
    const ring = shape(svg, "circle", { r: 8, cx: -20, cy: -20, fill: "none", stroke: "#222", "stroke-width": 2 });
    clear(said);
    if (groups.length > 1) groups.forEach((group, n) => {
      const item = element(said, "li");
      element(item, "span", { class: "key" }).style.background = COLOURS[n % COLOURS.length];
      element(item, "span", {}, group);
    });
    readout.textContent = "Point at a mark for its values.";
    follow(svg, inOrder.map((n) => places[n]), (i) => {
      const n = inOrder[i], p = option.points[n];
      ring.setAttribute("cx", places[n][0]);
      ring.setAttribute("cy", places[n][1]);
      readout.textContent = data.factors.map((f) => f + " " + shown(p.at[f])).join(", ") + (several(option.points, "arm") ? ", arm " + p.arm : "") + ": " + p.said;
    });
  };
  outcome.onchange = factor.onchange = draw;
  return draw;
}

function several(list, key) { return list.some((p) => p[key] !== list[0][key]); }
function fewLevels(list, factor) { return new Set(list.map((p) => p.at[factor])).size <= 8; }
function shown(value) { return typeof value === "string" ? value : written(value); }
