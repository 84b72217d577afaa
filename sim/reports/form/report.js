// Starts the charts and the search boxes; unfolds everything for printing.
const FORMS = { distribution, band, points };
const charts = JSON.parse(document.getElementById("charts").textContent);
const draws = [];
for (const figure of document.querySelectorAll("[data-chart]")) {
  const data = charts[figure.dataset.chart];
  figure.hidden = false;
  const draw = FORMS[data.form](figure, data);
  if (draw) { draws.push(draw); draw(); }
}
for (const twin of document.querySelectorAll("[data-twin]")) if (draws.length) twin.hidden = true;
let width = window.innerWidth;
window.addEventListener("resize", () => {
  if (window.innerWidth !== width) { width = window.innerWidth; draws.forEach((draw) => draw()); }
});

for (const input of document.querySelectorAll("[data-search]")) {
  input.parentNode.hidden = false;
  const rows = [...document.querySelectorAll("#" + input.dataset.search + " tbody tr")];
  const count = input.parentNode.querySelector("output");
  const narrow = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let n = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) n++;
    }
    count.textContent = n + " of " + rows.length;
  };
  input.addEventListener("input", narrow);
  narrow();
}

let folded = [];
window.addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  folded.forEach((one) => { one.open = true; });
});
window.addEventListener("afterprint", () => folded.forEach((one) => { one.open = false; }));
document.documentElement.dataset.ready = String(draws.length);
