/* Leave at once, so that Back does not lead here again. Without this file the link still leaves. */
"use strict";
document.querySelector("[data-leave]").addEventListener("click", (event) => {
  event.preventDefault();
  location.replace(event.currentTarget.href);
});
