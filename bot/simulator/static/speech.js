// Speaks the hotline's words with the browser's own voices, in the language of each line.
// Not here: which lines there are (desk_phone.js).
"use strict";

const Speech = (() => {
  const synthesis = window.speechSynthesis;
  const button = document.getElementById("speak");
  const stored = () => { try { return localStorage.getItem("muted") === "yes"; } catch { return false; } };
  let muted = stored();

  function show() {
    button.setAttribute("aria-pressed", String(!muted));
    button.textContent = muted ? "Silent" : "Spoken aloud";
  }

  function hush() {
    if (synthesis) synthesis.cancel();
  }

  function say(words, language) {
    if (muted || !synthesis || words.startsWith("(plays ")) return;
    const utterance = new SpeechSynthesisUtterance(words);
    const code = language || "en-US";
    utterance.lang = code.replace(/^cmn/, "zh");
    synthesis.speak(utterance);
  }

  button.hidden = !synthesis;
  button.addEventListener("click", () => {
    muted = !muted;
    try { localStorage.setItem("muted", muted ? "yes" : "no"); } catch { /* a private window keeps nothing */ }
    if (muted) hush();
    show();
  });
  show();
  return { say, hush };
})();
