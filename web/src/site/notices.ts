// What stands on top of every page is kept fresh while the page is looked at: often at first, then seldom.

const FIRST_MS = 3_000;
const LAST_MS = 30_000;
const SLOWER = 1.05;

/** What notices say, whatever is folded out and however it was written. */
function said(markup: string): string {
  const held = document.createElement("template");
  held.innerHTML = markup;
  for (const details of held.content.querySelectorAll("details")) details.removeAttribute("open");
  return held.innerHTML.trim();
}

const notices = document.getElementById("notices");
const address = notices?.dataset["src"];

if (notices && address) {
  let wait_ms = FIRST_MS;
  let shown = said(notices.innerHTML);
  const look = async () => {
    if (document.visibilityState === "visible") {
      try {
        const answer = await fetch(address);
        const text = answer.ok ? await answer.text() : undefined;
        // Only what is new is put there, so that it is read out once.
        if (text !== undefined && said(text) !== shown) {
          notices.innerHTML = text;
          shown = said(text);
          if ("open" in notices.dataset) for (const details of notices.querySelectorAll("details")) details.open = true;
        }
      } catch {
        // Tried again soon enough.
      }
    }
    wait_ms = Math.min(wait_ms * SLOWER, LAST_MS);
    setTimeout(look, wait_ms);
  };
  setTimeout(look, wait_ms);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") wait_ms = FIRST_MS;
  });
}
