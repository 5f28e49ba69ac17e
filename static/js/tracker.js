// Small helps for every page. Each one is an extra: without JavaScript all still works.
//   form[method=post]            is sent once, however often the button is pressed (data-again: may be sent again)
//   form[data-unsaved]           asks before it is left with something typed
//   button[data-confirm="…"]     says what will happen and asks, in a dialog
//   button[data-copy="…"][hidden] copies a text, or an address that begins with /
//   details.menu                 closes on Escape and on a click elsewhere
//   .error-summary               takes the focus when the page opens
"use strict";

(() => {
  // A form is sent once. Opt out by data-again on forms whose answer is a download.
  const buttonsOf = (form) => [...form.elements].filter((one) => one.type === "submit");

  function rest(form, resting) {
    form.toggleAttribute("data-sent", resting);
    for (const button of buttonsOf(form)) button.disabled = resting;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || "again" in form.dataset) return;
    if (form.hasAttribute("data-sent")) return event.preventDefault();
    // After this turn, so that the pressed button's own value is still sent.
    setTimeout(() => { if (!event.defaultPrevented) rest(form, true); });
  });
  // Sending with a progress bar (upload.js) says itself when a form is on its way and when the line broke.
  document.addEventListener("tracker:sent", (event) => rest(event.target, true));
  document.addEventListener("tracker:wake", (event) => { rest(event.target, false); hold(event.target); });
  // The browser's back button can show the page as it was left: wake it up again.
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => rest(form, false)));

  // A new form keeps its key in the address, so that the back button leads to what was sent, not to a second form.
  const key = document.querySelector("form[data-unsaved] input[name=key]");
  if (key && /\/(new|check)\/$/.test(location.pathname)) {
    const address = new URL(location);
    address.searchParams.set("form", key.value);
    history.replaceState(history.state, "", address);
  }

  // Leaving a form[data-unsaved] with something typed asks first.
  const unsaved = new Set();
  const hold = (form) => { if ("unsaved" in form.dataset) unsaved.add(form); };
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-unsaved]");
    if (form) unsaved.add(form);
  });
  document.addEventListener("submit", (event) => { if (!event.defaultPrevented) unsaved.delete(event.target); });
  addEventListener("beforeunload", (event) => { if (unsaved.size) event.preventDefault(); });

  // <button type="submit" data-confirm="What will happen"> asks before it sends.
  function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  function ask(button) {
    const yes = make("button", { className: button.className }, button.textContent.trim());
    const no = make("button", { className: "button" }, button.dataset.cancel || "Cancel");
    const words = make("p", { id: "dialog-words" }, button.dataset.confirm);
    const dialog = make("dialog", { className: "dialog" }, words, make("div", { className: "actions" }, yes, no));
    dialog.setAttribute("aria-labelledby", words.id);
    document.body.append(dialog);
    dialog.addEventListener("close", () => { dialog.remove(); button.focus(); });
    no.addEventListener("click", () => dialog.close());
    yes.addEventListener("click", () => { dialog.close(); button.form.requestSubmit(button); });
    dialog.showModal();
    no.focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-confirm]");
    if (!button) return;
    const form = button.form;
    if (!form.noValidate && !button.formNoValidate && !form.checkValidity()) return;
    event.preventDefault();
    ask(button);
  });

  // <button type="button" data-copy="/address/or text" hidden> is shown only where it can work.
  function readyCopies() {
    if (!navigator.clipboard) return;
    document.querySelectorAll("button[data-copy]").forEach((button) => { button.hidden = false; });
  }
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    const value = button.dataset.copy;
    const before = button.textContent;
    button.setAttribute("aria-live", "polite");
    try {
      await navigator.clipboard.writeText(value.startsWith("/") ? new URL(value, location.href).href : value);
      button.textContent = button.dataset.copied || "Copied";
    } catch {
      button.textContent = button.dataset.failed || "Could not copy: use the address bar";
    }
    setTimeout(() => { button.textContent = before; }, 3000);
  });

  // Open menus close on Escape and on a click elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A page that opens with errors starts at their list; what was typed then is not saved yet.
  readyCopies();
  const summary = document.querySelector(".error-summary");
  if (summary) {
    summary.focus();
    document.querySelectorAll("form[data-unsaved]").forEach((form) => unsaved.add(form));
  }
})();
