// Words that are chosen in a text are put into the field that wants them. Without JavaScript they are typed or pasted.
"use strict";

(() => {
  const text = document.querySelector("[data-choose]");
  if (!text) return;
  const words = document.querySelector(text.dataset.choose);
  const start = document.querySelector(text.dataset.start);
  document.querySelector("[data-chosen]").hidden = false;

  // Whole words: whoever begins in the middle of one means all of it.
  function whole(all, from, to) {
    while (from < to && /\s/.test(all[from])) from += 1;
    while (to > from && /\s/.test(all[to - 1])) to -= 1;
    while (from > 0 && /[\p{L}\p{N}]/u.test(all[from - 1]) && /[\p{L}\p{N}]/u.test(all[from])) from -= 1;
    while (to < all.length && /[\p{L}\p{N}]/u.test(all[to]) && /[\p{L}\p{N}]/u.test(all[to - 1])) to += 1;
    return [from, to];
  }

  function take() {
    const chosen = document.getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed || !text.contains(chosen.anchorNode) || !text.contains(chosen.focusNode)) return;
    const range = chosen.getRangeAt(0);
    const before = document.createRange();
    before.selectNodeContents(text);
    before.setEnd(range.startContainer, range.startOffset);
    const at = before.toString().length;
    const [from, to] = whole(text.textContent, at, at + range.toString().length);
    words.value = text.textContent.slice(from, to);
    // Python counts characters, JavaScript units of sixteen bits.
    start.value = [...text.textContent.slice(0, from)].length;
    words.dispatchEvent(new Event("input", { bubbles: true }));
  }

  text.addEventListener("pointerup", () => setTimeout(take));
  text.addEventListener("keyup", take);
  words.addEventListener("input", (event) => { if (event.isTrusted) start.value = ""; });
})();
