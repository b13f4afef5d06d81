// What a search has found is opened by small forms, so that it can be counted without script. Here each becomes a link,
// which can be opened in another window and gone back to; opening it is counted on the way.
import { send } from "./send";

/** How long a reader waits for the count before the answer is opened all the same. */
const COUNT_MS_MAX = 400;
/** Where the search one came from is kept, in this window only, until it is closed. */
const KEPT = "search";

function fieldOf(form: HTMLFormElement, name: string): string {
  return form.querySelector<HTMLInputElement>(`input[name=${name}]`)?.value ?? "";
}

function keep(search: string | undefined): void {
  try {
    if (search) sessionStorage.setItem(KEPT, search);
  } catch {
    // A browser that keeps nothing counts nothing more.
  }
}

function linkOf(form: HTMLFormElement, button: HTMLButtonElement): HTMLAnchorElement {
  const link = document.createElement("a");
  link.href = form.action;
  link.append(...button.childNodes);
  const count = () =>
    send("/site/opened", {
      query: fieldOf(form, "query"),
      search: fieldOf(form, "search"),
      slug: button.dataset["article"] ?? "",
    });
  link.addEventListener("click", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
      void count();
      return;
    }
    event.preventDefault();
    const late = new Promise<undefined>((go) => setTimeout(go, COUNT_MS_MAX));
    void Promise.race([count(), late]).then((search) => {
      keep(search);
      location.assign(link.href);
    });
  });
  link.addEventListener("auxclick", (event) => {
    if (event.button === 1) void count();
  });
  return link;
}

/** Makes links of the forms within `place`. */
export function upgrade(place: ParentNode): void {
  for (const form of place.querySelectorAll<HTMLFormElement>("form.hit")) {
    const button = form.querySelector<HTMLButtonElement>("button[data-article]");
    if (button) form.replaceWith(linkOf(form, button));
  }
}

/** On an answer that was opened from a search, the forms know from which. */
function fill(): void {
  const kept = (() => {
    try {
      return sessionStorage.getItem(KEPT);
    } catch {
      return null;
    }
  })();
  if (!kept) return;
  for (const mark of document.querySelectorAll<HTMLInputElement>("main form input[name=search]")) {
    if (mark.value === "" && !mark.form?.matches("[role=search], .hit")) mark.value = kept;
  }
}

upgrade(document);
fill();
