// The desk phone's page: asks for the state every moment, adds what is new, sends what was pressed.
// Not here: what the phone company does with it (the server), the voice (speech.js).
"use strict";

const roles = ["resident", "staff"];
const numbers = {};
const shown = {};
const closed = new Set();
let asking = false;
let keyTimer = null;

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

function make(tag, text, attributes = {}) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

const pretty = (words) => words.replace(/\+1(\d{3})(\d{3})(\d{4})\b/g, "($1) $2-$3");

const clock = (iso) => new Date(iso).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });

// -- talking to the server

function trouble(sentence) {
  const place = one("#trouble");
  if (place.textContent !== sentence) place.textContent = sentence;
  place.hidden = !sentence;
}

async function fetchState(url, options) {
  const response = await fetch(url, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error || "The desk phone could not do that.");
  return body;
}

async function poll() {
  if (asking || document.hidden) return;
  asking = true;
  try {
    draw(await fetchState("/state?" + new URLSearchParams(numbers)));
    if (one("#trouble").dataset.from === "poll") trouble("");
  } catch {
    one("#trouble").dataset.from = "poll";
    trouble("The desk phone doesn't answer. Is it still running?");
  } finally {
    asking = false;
  }
}

async function act(what) {
  try {
    const state = await fetchState("/act", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...numbers, ...what }),
    });
    draw(state);
    trouble("");
    return state;
  } catch (error) {
    one("#trouble").dataset.from = "act";
    trouble(error instanceof TypeError ? "The desk phone doesn't answer. Is it still running?" : error.message);
    return null;
  }
}

// -- drawing

function draw(state) {
  for (const role of roles) drawPhone(role, state[role]);
  redraw("outside", state.outside, one("#outside"), outsideCall);
  redraw("elsewhere", state.elsewhere, one("[data-elsewhere]"), (text) =>
    make("li", `${pretty(text.to)}, ${clock(text.at)}: ${text.body}`));
  redraw("notes", state.notes, one("[data-notes]"), (note) => make("li", note));
  const faults = state.faults.map((fault) => `${fault.times} × ${fault.kind}`).join(", ");
  const line = one("[data-faults]");
  const words = faults ? `Still to come: ${faults}` : "Nothing fails.";
  if (line.textContent !== words) line.textContent = words;
}

function redraw(key, items, place, element) {
  const written = JSON.stringify(items);
  if (shown[key] === written) return;
  shown[key] = written;
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  place.replaceChildren(...items.map(element));
  if (focused) one(`[data-focus="${CSS.escape(focused)}"]`, place)?.focus();
}

function drawPhone(role, phone) {
  const section = document.getElementById(role);
  drawThread(section, role, phone);
  redraw(role + "-ringing", phone.ringing, one("[data-ringing]", section), (call) => ringingCall(section, call));
  drawCall(section, role, phone.call);
  for (const setting of ["when_rung", "text_error"]) {
    const select = one(`[data-for="${role}"] [data-setting="${setting}"]`);
    if (document.activeElement !== select) select.value = phone[setting] ?? "";
  }
}

function drawThread(section, role, phone) {
  const thread = one("[data-thread]", section);
  const key = role + "-texts";
  if (shown[key + "-of"] !== phone.number) {
    all(".bubble", thread).forEach((bubble) => bubble.remove());
    shown[key] = new Set();
    shown[key + "-of"] = phone.number;
  }
  for (const text of phone.texts) {
    if (shown[key].has(text.sid)) continue;
    shown[key].add(text.sid);
    thread.append(bubble(text));
    thread.scrollTop = thread.scrollHeight;
  }
  one("[data-empty]", thread).hidden = phone.texts.length > 0;
}

function bubble(text) {
  const element = make("div", "", { class: text.mine ? "bubble mine" : "bubble" });
  element.append(make("span", text.mine ? "You: " : `${pretty(text.sender)}: `, { class: "unseen" }));
  element.append(make("p", text.body));
  element.append(make("time", clock(text.at), { datetime: text.at }));
  return element;
}

function button(label, what, style = "") {
  const element = make("button", label, { type: "button", class: style, "data-focus": what.do + what.sid });
  element.addEventListener("click", async (event) => {
    const role = roleOf(event.target);
    if (await act(what) && role && what.do === "answer") one("[data-key]", document.getElementById(role)).focus();
  });
  return element;
}

function ringingCall(section, call) {
  const banner = make("div", "", { class: "banner" });
  banner.append(make("p", `${pretty(call.from)} is calling`));
  const row = make("div", "", { class: "row" });
  row.append(button("Answer", { do: "answer", sid: call.sid }, "call"));
  row.append(button("Busy", { do: "busy", sid: call.sid }));
  row.append(button("Ignore", { do: "ignore", sid: call.sid }));
  banner.append(row);
  return banner;
}

function outsideCall(call) {
  const strip = make("div", "", { class: call.ringing ? "banner" : "banner talking" });
  const heard = call.heard ? ` It hears: “${call.heard}”` : "";
  strip.append(make("p", call.ringing ? `Ringing ${pretty(call.number)}` : `${pretty(call.number)} is on the line.${heard}`));
  const row = make("div", "", { class: "row" });
  if (call.ringing) {
    row.append(button("Answer", { do: "answer", sid: call.sid }, "call"));
    row.append(button("No answer", { do: "ignore", sid: call.sid }));
    row.append(button("Busy", { do: "busy", sid: call.sid }));
    row.append(button("Voicemail", { do: "voicemail", sid: call.sid }));
  } else {
    if (call.asks) row.append(button("Press 1", { do: "press", keys: "1", wait: true, sid: call.sid }));
    row.append(button("End the call", { do: "hang_up", sid: call.sid }, "end"));
  }
  strip.append(row);
  return strip;
}

function callState(call) {
  if (call.over) return "The call is over.";
  if (call.bridged) return "Connected.";
  if (call.dialling.length) return `Ringing ${call.dialling.map(pretty).join(", ")} …`;
  if (!call.asks) return "Listening …";
  const ways = [call.asks.keys && "a key", call.asks.speech && "words"].filter(Boolean).join(" or ");
  return call.keyed ? `Keys so far: ${call.keyed}` : `Waits for ${ways}.`;
}

function drawCall(section, role, call) {
  const panel = one("[data-call]", section);
  const visible = Boolean(call) && !closed.has(call.sid);
  const hadFocus = panel.contains(document.activeElement);
  panel.hidden = !visible;
  section.classList.toggle("talking", visible && !call.over);
  const start = one('[data-act="call"]', section);
  start.disabled = visible && !call.over;
  if (!visible) return;
  const words = one("[data-words]", panel);
  if (shown[role + "-call"] !== call.sid) {
    words.replaceChildren();
    shown[role + "-call"] = call.sid;
    shown[role + "-lines"] = 0;
  }
  for (const line of call.lines.slice(shown[role + "-lines"])) {
    words.append(spokenLine(line));
    if (line.who === "hotline" && !call.over) Speech.say(line.words, line.language);
    words.scrollTop = words.scrollHeight;
  }
  shown[role + "-lines"] = call.lines.length;
  const status = one("[data-call-state]", panel);
  const state = callState(call);
  if (status.textContent !== state) status.textContent = state;
  for (const control of all("[data-key], [data-form='say'] input, [data-form='say'] button, [data-act='hang_up']", panel)) {
    control.disabled = call.over;
  }
  one("[data-act='hang_up']", panel).hidden = call.over;
  const close = one("[data-close]", panel);
  close.hidden = !call.over;
  const lost = document.activeElement === document.body || document.activeElement.disabled;
  if (call.over && hadFocus && lost) close.focus();
}

function spokenLine(line) {
  const who = { hotline: "Hotline", me: "You", them: "Other side", line: "Line" }[line.who];
  const element = make("p", "", { class: "said by-" + line.who });
  if (line.language) element.lang = line.language;
  element.append(make("span", who + ": ", { class: line.who === "line" ? "unseen" : "who", lang: "en" }));
  element.append(line.who === "line" ? pretty(line.words) : line.words);
  return element;
}

// -- what people press

const callOf = (role) => ({ sid: shown[role + "-call"] });

async function press(role, key) {
  Speech.hush();
  clearTimeout(keyTimer);
  const call = (await act({ do: "press", keys: key, ...callOf(role) }))?.[role].call;
  // As at Twilio, an entry without an end is taken when no further key comes for a while.
  if (call?.keyed && call.asks) {
    keyTimer = setTimeout(() => act({ do: "silence", sid: call.sid }), call.asks.timeout * 1000);
  }
}

// One of the numbers kept for examples, (617) 555-0100 to 0199, that nobody on this page has.
function freshNumber() {
  const taken = [...Object.values(numbers), one("[data-number]").dataset.number];
  const free = Array.from({ length: 100 }, (_, index) => "+1617555" + String(100 + index).padStart(4, "0"))
    .filter((number) => !taken.includes(number));
  return free[Math.floor(Math.random() * free.length)];
}

function usePhone(role, written) {
  const input = one(`#${role}-number`);
  const before = numbers[role];
  numbers[role] = written;
  return fetchState("/state?" + new URLSearchParams(numbers)).then((state) => {
    numbers[role] = state[role].number;
    input.value = state[role].number;
    trouble("");
    draw(state);
  }).catch((error) => {
    numbers[role] = before;
    input.value = before;
    one("#trouble").dataset.from = "act";
    trouble(error.message);
  });
}

const forms = {
  number: (role, form) => usePhone(role, form.elements.number.value),
  text: async (role, form) => {
    const body = form.elements.body.value;
    form.elements.body.value = "";
    if (!await act({ do: "text", phone: numbers[role], body })) form.elements.body.value = body;
  },
  say: async (role, form) => {
    Speech.hush();
    const words = form.elements.words.value;
    if (await act({ do: "say", words, ...callOf(role) })) form.elements.words.value = "";
  },
  fault: (_, form) => act({ do: "fault", kind: form.elements.kind.value, times: Number(form.elements.times.value) }),
};

const acts = {
  call: async (role) => {
    Speech.hush();
    if (await act({ do: "call", phone: numbers[role] })) one("[data-key]", document.getElementById(role)).focus();
  },
  silence: (role) => { Speech.hush(); return act({ do: "silence", ...callOf(role) }); },
  hang_up: async (role) => {
    Speech.hush();
    if (await act({ do: "hang_up", ...callOf(role) })) one("[data-close]", document.getElementById(role)).focus();
  },
  heal: () => act({ do: "heal" }),
};

const roleOf = (element) => element.closest("[data-role]")?.dataset.role;

document.addEventListener("submit", (event) => {
  event.preventDefault();
  forms[event.target.dataset.form]?.(roleOf(event.target), event.target);
});

document.addEventListener("click", (event) => {
  const target = event.target.closest("button");
  if (!target) return;
  const role = roleOf(target);
  if (target.dataset.act) acts[target.dataset.act](role);
  else if (target.dataset.key) press(role, target.dataset.key);
  else if ("fresh" in target.dataset) {
    usePhone(role, freshNumber());
  } else if ("close" in target.dataset) {
    closed.add(shown[role + "-call"]);
    one(`#${role}-text`).focus();
    poll();
  }
});

document.addEventListener("keydown", (event) => {
  if (!event.target.closest("[data-keypad]") || !/^[0-9*#]$/.test(event.key)) return;
  event.preventDefault();
  press(roleOf(event.target), event.key);
});

document.addEventListener("change", (event) => {
  const setting = event.target.dataset.setting;
  if (!setting) return;
  const role = event.target.closest("[data-for]").dataset.for;
  act({ do: setting, phone: numbers[role], value: event.target.value });
});

for (const role of roles) numbers[role] = one(`#${role}-number`).value;
for (const place of all("[data-number]")) place.textContent = pretty(place.dataset.number);
// A thread that was at its end stays there when the room for it changes.
const atEnd = new ResizeObserver((entries) => {
  for (const { target } of entries) target.scrollTop = target.scrollHeight;
});
for (const log of all('[role="log"]')) atEnd.observe(log);
poll();
setInterval(poll, Number(document.body.dataset.poll));
document.addEventListener("visibilitychange", poll);
