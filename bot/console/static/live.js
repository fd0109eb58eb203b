/* Live pages: fetches the live part every 3 seconds, ticks the countdowns, says what is new or late.
   Not here: any decision. The server decides; without this file every page still works. */
"use strict";
(() => {
  const live = document.querySelector("[data-live]");
  if (!live) return;
  const EVERY_MS = 3000;
  const LONGEST_WAIT_MS = 8000;
  const stale = document.getElementById("stale");
  const say = document.getElementById("say");
  const changed = document.getElementById("changed");
  const sources = new WeakMap();
  let offsetMs = Number(live.dataset.now) * 1000 - Date.now();
  let lastHtml = live.innerHTML;
  let lastGoodAt = new Date();
  let active = false;
  let known = null;
  let timer = 0;

  const rows = () => [...live.querySelectorAll("[data-row]")];
  const remember = () => rows().forEach((row) => sources.has(row) || sources.set(row, row.outerHTML));

  function span(ms) {
    const seconds = Math.floor(Math.abs(ms) / 1000);
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
    const two = (n) => String(n).padStart(2, "0");
    return h ? `${h} h ${two(m)} min` : m ? `${m} min ${two(s)} s` : `${s} s`;
  }

  function tick() {
    const now = Date.now() + offsetMs;
    live.querySelectorAll("[data-due]").forEach((node) => {
      const left = Number(node.dataset.due) * 1000 - now;
      node.textContent = left > 0 ? `in ${span(left)}` : `late by ${span(left)}`;
    });
    live.querySelectorAll("[data-lease]").forEach((node) => {
      const left = Number(node.dataset.lease) * 1000 - now;
      node.textContent = left > 0 ? `in ${span(left)}` : "now";
    });
  }

  /* Put the fresh part in place; rows that didn't change stay the same nodes, and the focus stays where it was. */
  function merge(html) {
    if (html !== lastHtml) {
      lastHtml = html;
      const fresh = new DOMParser().parseFromString(html, "text/html").body;
      const old = new Map(rows().map((row) => [row.dataset.row, row]));
      const focus = live.contains(document.activeElement) ? document.activeElement.id : "";
      fresh.querySelectorAll("[data-row]").forEach((row) => {
        const kept = old.get(row.dataset.row);
        const same = kept && sources.get(kept) === row.outerHTML;
        if (same) row.replaceWith(kept); else sources.set(row, row.outerHTML);
      });
      live.replaceChildren(...fresh.childNodes);
      if (focus) (document.getElementById(focus) || document.getElementById("main")).focus({ preventScroll: true });
    }
    tell();
    tick();
  }

  function tell() {
    const root = live.firstElementChild;
    document.title = root.dataset.title;
    if (changed && root.dataset.fence !== fence) changed.hidden = false;
    const present = new Map(rows().map((row) => [row.dataset.row, "late" in row.dataset]));
    const news = rows().flatMap((row) => {
      if (!known || !known.has(row.dataset.row)) return known ? [`New callback ${row.dataset.code}, due ${row.dataset.dueWords}.`] : [];
      return "late" in row.dataset && !known.get(row.dataset.row) ? [`Callback ${row.dataset.code} is late.`] : [];
    });
    known = present;
    if (!news.length) return;
    say.textContent = news.join(" ");
    if (sound.on) sound.beep();
  }

  function trouble(text) {
    if (stale.textContent !== text) stale.textContent = text;
    stale.hidden = false;
  }

  async function poll() {
    clearTimeout(timer);
    const wasActive = active;
    active = false;
    try {
      const answer = await fetch(live.dataset.live, {
        headers: wasActive ? { "X-Active": "1" } : {}, cache: "no-store", redirect: "error",
        signal: AbortSignal.timeout(LONGEST_WAIT_MS),
      });
      if (answer.status === 401 || answer.status === 403) {
        trouble("You are logged out, so this page is no longer live. Load it again to log in.");
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      offsetMs = Number(answer.headers.get("X-Now")) * 1000 - Date.now();
      lastGoodAt = new Date();
      stale.hidden = true;
      merge(html);
    } catch {
      active = active || wasActive;
      trouble(`Not live since ${lastGoodAt.toLocaleTimeString()}: what you see may be out of date. Trying again.`);
    }
    timer = setTimeout(poll, EVERY_MS);
  }

  /* Optional, off until somebody turns it on. */
  const sound = {
    on: false,
    context: null,
    beep() {
      this.context ||= new AudioContext();
      const [tone, volume, now] = [this.context.createOscillator(), this.context.createGain(), this.context.currentTime];
      tone.frequency.value = 660;
      volume.gain.setValueAtTime(0.15, now);
      volume.gain.exponentialRampToValueAtTime(0.001, now + 0.4);
      tone.connect(volume).connect(this.context.destination);
      tone.start(now);
      tone.stop(now + 0.4);
    },
  };
  const button = document.querySelector("[data-sound]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => {
      sound.on = !sound.on;
      button.textContent = sound.on ? "Sound: on" : "Sound: off";
      if (sound.on) sound.beep();
    });
  }

  const fence = live.firstElementChild.dataset.fence;
  for (const kind of ["pointerdown", "keydown", "scroll"]) {
    addEventListener(kind, () => { active = true; }, { passive: true });
  }
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  remember();
  tell();
  tick();
  setInterval(tick, 1000);
  timer = setTimeout(poll, EVERY_MS);
})();
