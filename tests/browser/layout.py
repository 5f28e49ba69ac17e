"""What a reader sees at once and axe does not: a word cut in two, two words in one, a page too wide."""

# Words that would have fitted into a line of their own; an address or file name that is longer has to break.
BROKEN = r"""() => {
  const found = new Set(), pen = document.createElement("canvas").getContext("2d");
  const inline = (one) => getComputedStyle(one).display.startsWith("inline");
  const block = (one) => (inline(one) ? block(one.parentElement) : one);
  for (const [text, box] of READ()) {
    for (const word of text.data.matchAll(/\p{L}{3,}/gu)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const pieces = [...range.getClientRects()].filter((one) => one.width > 0.5);
      if (new Set(pieces.map((one) => Math.round(one.top))).size < 2) continue;
      const [before, after] = [text.data.slice(0, word.index), text.data.slice(word.index)];
      pen.font = getComputedStyle(box).font;
      const needed = pen.measureText(before.match(/\S*$/)[0] + after.match(/^\S*/)[0]).width;
      if (needed < Math.max(block(box).clientWidth, 160)) found.add(`“${word[0]}” is cut in two`);
    }
  }
  for (const cell of document.querySelectorAll("td[data-label]")) {
    const label = getComputedStyle(cell, "::before");
    if (label.content === "none" || getComputedStyle(cell).display !== "grid") continue;
    pen.font = label.font;
    const room = parseFloat(getComputedStyle(cell).gridTemplateColumns) + 0.5;
    const long = cell.dataset.label.split(" ").filter((word) => pen.measureText(word).width > room);
    long.forEach((word) => found.add(`the label “${word}” is cut in two`));
  }
  return [...found];
}"""
GLUED = r"""() => {
  const found = [];
  let before = null;
  for (const [text] of READ()) {
    const words = text.data, from = words.search(/\S/), to = words.trimEnd().length;
    const edge = (at) => {
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      return range.getBoundingClientRect();
    };
    const first = edge(from);
    if (before && /[\p{L}\p{N}]/u.test(words[from]) && /[\p{L}\p{N}.,;:]/u.test(before.sign)) {
      const shared = Math.min(before.box.bottom, first.bottom) - Math.max(before.box.top, first.top);
      if (shared > 4 && Math.abs(first.left - before.box.right) < 1.5) {
        found.push(`“${before.words.slice(-20)}${words.trim().slice(0, 20)}” is one word`);
      }
    }
    before = { box: edge(to - 1), sign: words[to - 1], words: words.trim() };
  }
  return found;
}"""
# Every piece of text that is shown, with the element that it stands in.
READ = r"""const NOT_PROSE = "script, style, template, svg, select, textarea, code, pre, .passage, .source";
const READ = function* () {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, box = text.parentElement;
    if (!text.data.trim() || box.closest(NOT_PROSE)) continue;
    const clipped = (one) => one && (getComputedStyle(one).clipPath !== "none" || clipped(one.parentElement));
    if (box.checkVisibility() && !clipped(box)) yield [text, box];
  }
};"""
RUNS_OVER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def untidy(page):
    """Return what is cut, glued or too wide on the page that is open."""
    faults = [
        fault for rule in (BROKEN, GLUED) for fault in page.evaluate(f"() => {{ {READ} return ({rule})(); }}")
    ]
    return faults + (["runs over the edge"] if page.evaluate(RUNS_OVER) else [])
