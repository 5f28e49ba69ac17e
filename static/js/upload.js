// Files: dropping them, seeing what was picked, and how far sending is. Only pages with form[data-upload] load this.
"use strict";

(() => {
  const number = new Intl.NumberFormat(document.documentElement.lang || "en", { maximumFractionDigits: 1 });
  const size = (bytes) => {
    if (bytes < 1e6) return `${number.format(Math.max(bytes && 0.1, bytes / 1e3))} kB`;
    return `${number.format(bytes / 1e6)} MB`;
  };

  document.addEventListener("change", (event) => {
    const zone = event.target.closest("[data-dropzone]");
    if (!zone) return;
    zone.querySelector(".picked").replaceChildren(...[...event.target.files].map((file) => {
      const item = document.createElement("li");
      item.textContent = `${file.name} (${size(file.size)})`;
      // Said before the slow line has carried it all for nothing.
      const { maxBytes, tooLarge } = event.target.dataset;
      if (maxBytes && file.size > maxBytes) {
        item.className = "errorlist";
        item.textContent += `: ${tooLarge}`;
      }
      return item;
    }));
  });

  // Dropping on the zone, beside the control itself, is the same as choosing.
  for (const zone of document.querySelectorAll("[data-dropzone]")) {
    const input = zone.querySelector("input[type=file]");
    zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      const all = new DataTransfer();
      const wanted = input.multiple ? [...input.files, ...event.dataTransfer.files] : [...event.dataTransfer.files].slice(0, 1);
      wanted.forEach((file) => all.items.add(file));
      input.files = all.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  // The answer takes the page's place as if the form had been sent plainly: one request, one set of messages.
  function show(request) {
    history.replaceState(null, "", request.responseURL);
    document.open();
    document.write(request.responseText);
    document.close();
  }

  // What is neither the page that follows nor one that holds what was typed: the form stays, and says what came.
  const replaces = ({ status, responseText }) =>
    status < 400 || ((status === 401 || status === 503) && responseText.includes("<main"));

  function saidBy(answer) {
    const main = new DOMParser().parseFromString(answer, "text/html").querySelector("main");
    return main && [...main.querySelectorAll("h1, p:not(:has(a))")].map((one) => one.textContent.trim()).join(" — ");
  }

  function send(form, submitter) {
    const panel = form.querySelector("[data-sending]");
    const bar = panel.querySelector("progress");
    const words = panel.querySelector("p");
    const request = new XMLHttpRequest();
    request.open("POST", form.getAttribute("action") || location.href);
    request.setRequestHeader("Accept", "text/html");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.max = event.total;
      bar.value = event.loaded;
      words.textContent = `${panel.dataset.sending} ${size(event.loaded)} / ${size(event.total)}`;
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      words.textContent = panel.dataset.checking;
    });
    const failed = (said) => {
      bar.hidden = true;
      words.textContent = said || panel.dataset.failed;
      words.className = "callout error";
      words.setAttribute("role", "alert");
      form.dispatchEvent(new CustomEvent("tracker:wake", { bubbles: true }));
    };
    request.addEventListener("load", () => (replaces(request) ? show(request) : failed(saidBy(request.responseText))));
    request.addEventListener("error", () => failed());
    words.className = "";
    panel.hidden = bar.hidden = false;
    request.send(new FormData(form, submitter));
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const files = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
    // data-sent is set by tracker.js one turn later; a second press is stopped there.
    if (!("upload" in form.dataset) || !files || event.defaultPrevented) return;
    event.preventDefault();
    send(form, event.submitter);
    form.dispatchEvent(new CustomEvent("tracker:sent", { bubbles: true }));
  });
})();
