// Sends the checkout's form. Without this file the browser does, and a shopper who meets a crowd presses the button again.
//
// The form carries the name of its intent, so however often it is sent, it is one order: a double click, the back button, a
// connection that broke off before the answer. When nobody could note it, the page stays as it is, with all that was typed,
// and sends it again: when the shop said, later each time, and not for ever.
"use strict";

(() => {
  const form = document.querySelector("form.purchase[data-again]");
  const note = document.getElementById("busy-note");
  const button = form && form.querySelector("button[type=submit]");
  if (!form || !button || !window.fetch || !window.AbortSignal || !AbortSignal.timeout) return;

  const MOST_TRIES = 10;
  const ANSWER_MS = 20000; // longer than the shop ever takes
  const LONGEST_PAUSE_S = 30;
  const BUSY = [429, 502, 503, 504];
  let isSending = false;

  // The button is at the bottom of a phone's page and the note at its top: who presses must see what came of it.
  const say = (text) => {
    const isNew = text && note.hidden;
    note.textContent = text;
    note.hidden = !text;
    if (isNew) note.scrollIntoView({ block: "center" });
  };

  const rest = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

  // How many seconds to wait before the next try; nothing when there is none to be made.
  const send = async () => {
    let answer;
    try {
      const body = new URLSearchParams(new FormData(form));
      answer = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(ANSWER_MS) });
    } catch {
      return 3; // No network, or no answer: nobody knows whether it was noted, and asking again is harmless.
    }
    // The shop led on to the order, even if the order's own page cannot be had this moment.
    if (answer.redirected) return void location.assign(answer.url);
    if (BUSY.includes(answer.status)) return Number(answer.headers.get("Retry-After")) || 3;
    form.submit(); // Whatever else it says, the browser shows it.
  };

  const sendUntilNoted = async (wait) => {
    isSending = true;
    button.setAttribute("aria-disabled", "true");
    for (let tries = wait ? 2 : 1; tries <= MOST_TRIES; tries += 1) {
      if (wait) {
        const longer = Math.min(Math.max(wait, 2 ** (tries - 2)), LONGEST_PAUSE_S);
        const pause = Math.ceil(longer * (1 + Math.random() / 2));
        for (let left = pause; left > 0; left -= 1) {
          say(form.dataset.again.replace("%n", tries).replace("%s", left));
          await rest(1);
        }
      }
      wait = await send();
      if (!wait) return;
    }
    say(form.dataset.givenUp);
    wake();
  };

  const wake = () => {
    isSending = false;
    button.removeAttribute("aria-disabled");
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isSending) sendUntilNoted(0);
  });

  // Back from the order's page: the button works, and leads to the same order.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    say("");
    wake();
  });

  // The browser has sent it without us, and nobody could note it.
  if (form.dataset.retryAfter) sendUntilNoted(Number(form.dataset.retryAfter));
})();
