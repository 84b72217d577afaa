// What the browser does by itself: asks for the first picture, then for more worlds.
window.dash_clientside = window.dash_clientside || {};
(function () {
  const STEPS = [100, 500, 2000];
  const tab = Math.random().toString(36).slice(2);
  let seq = 0, rankSeq = 0, isStopped = false;
  const same = () => window.dash_clientside.no_update;
  const triggered = () => {
    const first = (window.dash_clientside.callback_context.triggered || [])[0];
    return first ? first.prop_id.split(".")[0] : "";
  };
  const grouped = n => n.toLocaleString("en");

  // Whoever opens a list can type at once, also where a value is chosen: the list takes
  // the focus for itself when it has opened, sooner or later.
  const focusOn = (search, times) => setTimeout(() => {
    if (!search.isConnected || times === 0) return;
    if (document.activeElement !== search) search.focus({preventScroll: true});
    focusOn(search, times - 1);
  }, 60);
  const searchOf = node => node && node.querySelector && node.querySelector(".dash-dropdown-search");
  new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(node => {
    const search = searchOf(node);
    if (search) focusOn(search, 8);
  }))).observe(document.documentElement, {childList: true, subtree: true});
  document.addEventListener("keydown", event => {
    const list = event.target.closest && event.target.closest(".dash-dropdown-content");
    const search = searchOf(list);
    if (search && event.target !== search && event.key.length === 1 && event.key !== " ") search.focus();
  }, true);

  window.dash_clientside.explorer = {
    ask(view) {
      if (!view) return same();
      isStopped = false;
      seq += 1;
      return {view: view, n: STEPS[0], seq: seq, tab: tab};
    },
    refine(answered) {
      if (!answered) return ["", "0", true];
      const n = answered.n, last = STEPS[STEPS.length - 1];
      if (triggered() === "stop") isStopped = true;
      const next = STEPS.find(step => step > n);
      const goesOn = next && !isStopped && !answered.is_last;
      if (goesOn && triggered() !== "stop" && answered.seq >= seq) {
        window.dash_clientside.set_props("asked", {
          data: {view: answered.view, n: next, seq: answered.seq || seq, tab: tab}
        });
      }
      const text = goesOn ? `${grouped(n)} worlds, refined to ${grouped(last)}`
                          : `${grouped(n)} worlds`;
      if (n === STEPS[0] && answered.tab) {
        window.dash_clientside.set_props("settled", {data: answered.seq});
      }
      return [text, String(n), !goesOn];
    },
    play(clicks, isDisabled, day, last, first) {
      if (!isDisabled) return [true, "Play"];
      if (Number(day) >= Number(last)) window.dash_clientside.set_props("day", {value: first || 0});
      return [false, "Pause"];
    },
    tick(n, day, last) {
      const next = Math.min(Number(last), Number(day) + Math.max(1, Math.round(last / 125)));
      if (next >= Number(last)) {
        window.dash_clientside.set_props("playing", {disabled: true});
        window.dash_clientside.set_props("play", {children: "Play"});
      }
      return next;
    },
    rank(clicks) {
      if (!clicks) return same();
      rankSeq += 1;
      return {at: 0, seq: rankSeq};
    },
    rankMore(ranked) {
      if (triggered() === "rank-stop") { rankSeq += 1; return true; }
      if (!ranked || ranked.seq !== rankSeq || ranked.at >= ranked.of) return true;
      window.dash_clientside.set_props("rank-next", {data: {at: ranked.at, seq: rankSeq}});
      return false;
    },
    goTo() {
      const pressed = (window.dash_clientside.callback_context.triggered || [])[0];
      if (!pressed || !pressed.value) return same();
      document.getElementById("numbers").scrollIntoView();
      return JSON.parse(pressed.prop_id.slice(0, pressed.prop_id.lastIndexOf("."))).path;
    },
    elsewhere(scenario, search) {
      const wanted = "?scenario=" + encodeURIComponent(scenario);
      return search === wanted ? same() : wanted;
    },
    tour(open, next, skip, taken, steps) {
      const who = triggered();
      let at = (taken && typeof taken.at === "number") ? taken.at : 0;
      if (who === "tour-open" && open) at = 0;
      if (who === "tour-next" && next) at += 1;
      if (who === "tour-skip" && skip) at = steps.length;
      const over = at >= steps.length;
      const step = steps[Math.min(at, steps.length - 1)];
      return [over, `${Math.min(at, steps.length - 1) + 1} of ${steps.length}: ${step[0]}`,
              step[1], at === steps.length - 1 ? "Begin" : "Next", {at: at}];
    }
  };
})();
