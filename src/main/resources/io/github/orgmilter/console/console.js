// Shows new verdicts while the page is open. Without it the pages work all the same, and are as they were when they were loaded.
"use strict";
(() => {
  const region = document.querySelector("[data-events]");
  if (!region || !window.EventSource) {
    return;
  }
  const rows = document.getElementById("verdicts");
  const summary = document.getElementById("summary");
  const status = document.getElementById("live");
  const most = Number(region.dataset.most);
  const pause = document.createElement("button");
  let paused = false;
  let events;

  const say = (text) => {
    if (status.firstChild.data !== text) {
      status.firstChild.data = text;
    }
  };
  status.append("", " ");
  status.after(pause);
  pause.type = "button";

  const add = (event) => {
    const [skipped, ...lines] = event.data.split("\n");
    for (const line of lines) {
      const template = document.createElement("template");
      template.innerHTML = line; // the server has escaped it
      const row = template.content.firstElementChild;
      row.classList.add("new");
      rows.prepend(row);
    }
    if (lines.length > 0) {
      summary.textContent = region.dataset.summary;
    }
    while (rows.rows.length > most) {
      rows.lastElementChild.remove();
    }
    if (Number(skipped) > 0) {
      say(`Live; ${skipped} came too fast to be shown.`);
    }
  };

  const begin = () => {
    events = new EventSource(region.dataset.events);
    events.addEventListener("open", () => say("Live: new verdicts are added on top."));
    events.addEventListener("verdicts", add);
    events.addEventListener("error", () =>
      say(events.readyState === EventSource.CLOSED
        ? "Not live: too many pages are live already; close some and reload this page."
        : "Not live: the connection was lost; the browser tries again."));
    pause.textContent = "Pause";
  };

  const end = () => {
    events.close();
    say("Paused.");
    pause.textContent = "Continue";
  };

  pause.addEventListener("click", () => {
    paused = !paused;
    if (paused) {
      end();
    } else {
      window.location.reload();
    }
  });
  begin();
})();
