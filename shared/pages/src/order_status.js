// Keeps the page of an order true while it is open. Without this file the page loads itself again (its <noscript>).
//
// The shop tells each change over one open answer. Where that cannot be had (too many of them, an old browser, a proxy that
// holds answers back) the page asks every few seconds, later each time it fails and never in step with others.
"use strict";

(() => {
  const page = document.querySelector("[data-live]");
  if (!page || !window.fetch) return;

  const PAUSE_MS = 4000; // between two questions
  const LONGEST_PAUSE_MS = 60000;
  const BACK_TO_STREAM_MS = 60000; // how long it asks before it tries the open answer once more
  const { live, query } = page.dataset;
  const step = Number(page.dataset.step);
  const line = document.getElementById("live-text");
  const lost = document.getElementById("live-lost");

  let source = null;
  let timer = 0;
  let failures = 0;
  let asksUntil = 0;
  let isOver = false;

  const stop = () => {
    if (source) source.close();
    source = null;
    clearTimeout(timer);
  };

  // A page that has just been loaded again for the same reason gives the shop's copies a moment to agree.
  const loadAgain = () => {
    isOver = true;
    stop();
    const [arrival] = performance.getEntriesByType("navigation");
    const wait = arrival && arrival.type === "reload" ? 1500 : 0;
    setTimeout(() => location.reload(), wait + Math.random() * 250);
  };

  const show = (telling) => {
    failures = 0;
    lost.hidden = true;
    if (telling.step > step) loadAgain();
    else if (line && telling.step === step && line.textContent !== telling.text) line.textContent = telling.text;
  };

  const again = (milliseconds) => {
    if (isOver || document.hidden) return;
    clearTimeout(timer);
    const canStream = window.EventSource && Date.now() > asksUntil;
    timer = setTimeout(canStream ? listen : ask, milliseconds * (1 + Math.random() / 2));
  };

  const failed = (milliseconds) => {
    failures += 1;
    if (failures > 1) lost.hidden = false;
    again(Math.min(milliseconds * 2 ** Math.min(failures - 1, 5), LONGEST_PAUSE_MS));
  };

  const ask = async () => {
    try {
      const answer = await fetch(live + ".json" + query, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        show(await answer.json());
        again(PAUSE_MS);
      } else if (answer.status !== 404) {
        failed(1000 * (Number(answer.headers.get("Retry-After")) || 5));
      }
    } catch {
      failed(PAUSE_MS);
    }
  };

  const listen = () => {
    stop();
    source = new EventSource(live + query);
    source.onmessage = (event) => show(JSON.parse(event.data));
    // A browser takes up a broken answer by itself, and gives up when it is refused one.
    source.onerror = () => {
      if (isOver || !source || source.readyState !== EventSource.CLOSED) return;
      stop();
      asksUntil = Date.now() + BACK_TO_STREAM_MS;
      failed(1000);
    };
  };

  // Nobody looks at a hidden page: it lets go of its answer and catches up when it is seen again.
  document.addEventListener("visibilitychange", () => {
    if (isOver) return;
    stop();
    again(0);
  });
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", (event) => event.persisted && again(0));
  again(0);
})();
