// Beside the form for a question: what already answers it, while it is written.
import { paused, send } from "./send";

const PAUSE_MS = 700;
const QUESTION_CHARS_MIN = 8;

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-suggest]")) {
  const text = form.querySelector<HTMLTextAreaElement>("textarea[name=text]");
  const seen = form.querySelector<HTMLInputElement>("input[name=seen]");
  const place = document.getElementById("ask-suggestions");
  const address = form.dataset["suggest"];
  if (!text || !seen || !place || !address) continue;
  let latest: AbortController | undefined;
  text.addEventListener(
    "input",
    paused(PAUSE_MS, async () => {
      const query = text.value.trim();
      if (query.length < QUESTION_CHARS_MIN) return;
      latest?.abort();
      const own = (latest = new AbortController());
      const fragment = await send(address, { query, place: "ask" }, own.signal);
      if (fragment === undefined || own.signal.aborted) return;
      place.innerHTML = fragment;
      // Has been shown once: sending sends.
      if (place.childElementCount > 0) seen.value = "yes";
    }),
  );
}
