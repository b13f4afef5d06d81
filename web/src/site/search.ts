// Answers while one types. The search is written down when typing has paused; the form itself goes on working.
import { upgrade } from "./opening";
import { paused, send } from "./send";

const TYPING_PAUSE_MS = 200;
const SETTLED_MS = 1_500;

function start(form: HTMLFormElement, found: HTMLElement): void {
  const input = form.querySelector<HTMLInputElement>("input[name=query]");
  const mark = form.querySelector<HTMLInputElement>("input[name=search]");
  const address = form.dataset["find"];
  if (!input || !mark || !address) return;
  let latest: AbortController | undefined;

  async function look(settled: boolean): Promise<void> {
    if (!input || !mark || !address) return;
    const query = input.value;
    latest?.abort();
    const own = (latest = new AbortController());
    const fields = {
      query,
      search: mark.value,
      settled: settled ? "yes" : "",
      place: form.dataset["place"] ?? "",
    };
    const fragment = await send(address, fields, own.signal);
    if (fragment === undefined || own.signal.aborted || input.value !== query) return;
    found.innerHTML = fragment;
    const search = found.querySelector<HTMLElement>("[data-search]")?.dataset["search"];
    if (search) mark.value = search;
    upgrade(found);
  }

  const soon = paused(TYPING_PAUSE_MS, () => void look(false));
  const settled = paused(SETTLED_MS, () => {
    if (input.value.trim() !== "") void look(true);
  });
  input.addEventListener("input", () => {
    soon();
    settled();
  });
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-find]")) {
  const found = document.getElementById("found");
  if (found) start(form, found);
}
