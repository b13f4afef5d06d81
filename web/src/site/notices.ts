// What stands on top of every page is kept fresh while the page is looked at: often at first, then seldom.

const FIRST_MS = 3_000;
const LAST_MS = 30_000;
const SLOWER = 1.05;

const notices = document.getElementById("notices");
const address = notices?.dataset["src"];

if (notices && address) {
  let wait_ms = FIRST_MS;
  const look = async () => {
    if (document.visibilityState === "visible") {
      try {
        const answer = await fetch(address, { headers: { accept: "text/html" } });
        const text = answer.ok ? (await answer.text()).trim() : undefined;
        // Only what is new is put there, so that it is read out once.
        if (text !== undefined && text !== shown) {
          notices.innerHTML = text;
          shown = text;
        }
      } catch {
        // Tried again soon enough.
      }
    }
    wait_ms = Math.min(wait_ms * SLOWER, LAST_MS);
    setTimeout(look, wait_ms);
  };
  let shown = notices.innerHTML.trim();
  setTimeout(look, wait_ms);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") wait_ms = FIRST_MS;
  });
}
