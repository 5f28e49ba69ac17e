// Rows of a form: added without leaving the page, and one for each file that is dropped. Without JavaScript
// the same buttons ask the server for a row.
"use strict";

(() => {
  const form = document.querySelector("form:has([data-rows])");
  if (!form) return;

  function addRow(prefix, shape) {
    const total = form.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
    const template = form.querySelector(`template[data-row="${shape}"]`);
    const row = template.content.firstElementChild.cloneNode(true);
    for (const one of row.querySelectorAll("*")) {
      for (const { name, value } of [...one.attributes]) {
        if (value.includes("__prefix__")) one.setAttribute(name, value.replaceAll("__prefix__", total.value));
      }
    }
    total.value = Number(total.value) + 1;
    form.querySelector(`[data-rows="${prefix}"]`).append(row);
    return row;
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-add]");
    if (!button) return;
    event.preventDefault();
    const row = addRow(button.dataset.add, button.value);
    row.querySelector("input:not([type=hidden]), select, textarea").focus();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // Dropping on the section gives each file a row of its own.
  const zone = form.querySelector("[data-catch]");
  if (!zone) return;
  zone.hidden = false;
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    let row;
    for (const file of event.dataTransfer.files) {
      const one = new DataTransfer();
      one.items.add(file);
      const added = addRow("evidence", "file");
      const input = added.querySelector("input[type=file]");
      input.files = one.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      row = row || added;
    }
    if (row) row.querySelector("input[type=text], select").focus();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
