// Texts of which a reader cannot see a part, however they scroll.
() => {
  const SLACK = 1.5; // px, of rounding
  const said = [];
  const clips = (value) => value === "hidden" || value === "clip";
  const scrolls = (value) => value === "auto" || value === "scroll";

  // What cuts off a part of a box: an ancestor that clips, or the window's sides.
  function cutter(box, element) {
    let across = true, down = true; // directions not yet made reachable by scrolling
    for (let one = element; one && one !== document.body; one = one.parentElement) {
      const style = getComputedStyle(one), room = one.getBoundingClientRect();
      if (style.position === "fixed" && (room.right <= 0 || room.left >= innerWidth))
        return null; // a drawer that is shut
      across &&= !scrolls(style.overflowX);
      down &&= !scrolls(style.overflowY);
      if (room.width <= 2 && room.height <= 2) return null; // for screen readers only
      if (across && clips(style.overflowX)
          && (box.left < room.left - SLACK || box.right > room.right + SLACK)) return one;
      if (down && clips(style.overflowY)
          && (box.top < room.top - SLACK || box.bottom > room.bottom + SLACK)) return one;
      if (style.position === "fixed") break;
    }
    const outside = box.left < -SLACK || box.right > innerWidth + SLACK;
    return across && outside ? document.body : null;
  }

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const words = text.data.trim(), element = text.parentElement;
    if (!words || element.closest("script, style, noscript, title, desc")) continue;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) {
      if (box.width === 0 || box.height === 0) continue;
      const by = cutter(box, element);
      if (!by) continue;
      const name = by.tagName.toLowerCase() + (by.id ? `#${by.id}` : "");
      said.push(`cropped by ${name}: ${words.slice(0, 60)}`);
      break;
    }
  }
  return said;
}
