// A select with many choices becomes a combobox: some letters, arrows, Enter. Without script it stays a select.
// <select data-type-ahead data-next="css selector of what comes after" data-empty="text when nothing matches">
//   <option value="..." data-keywords="words people use" data-aside="shown beside">name</option>

export const SHOWN_MAX = 8;

export interface Choice {
  readonly value: string;
  readonly name: string;
  readonly aside: string;
  readonly words: readonly string[];
  readonly folded: string;
}

/** Letters without marks and case, so that "atervinning" finds "Återvinning". */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/** The words something is found by. */
export function wordsOf(text: string): string[] {
  return fold(text)
    .split(/[\s,;/()-]+/)
    .filter((word) => word !== "");
}

function choicesOf(select: HTMLSelectElement): Choice[] {
  return [...select.options]
    .filter((option) => option.value !== "")
    .map((option) => ({
      value: option.value,
      name: option.text,
      aside: option.dataset["aside"] ?? "",
      folded: fold(option.text),
      words: wordsOf(`${option.text} ${option.dataset["keywords"] ?? ""}`),
    }));
}

/** How well a choice answers to what was typed; lower is better, nothing if not at all. */
export function rank(choice: Choice, typed: string): number | undefined {
  if (choice.folded.startsWith(typed)) return 0;
  const terms = typed.split(/\s+/);
  const inWords = (test: (word: string, term: string) => boolean) =>
    terms.every((term) => choice.words.some((word) => test(word, term)));
  if (inWords((word, term) => word === term)) return 1;
  if (inWords((word, term) => word.startsWith(term))) return 2;
  if (inWords((word, term) => word.includes(term))) return 3;
  return undefined;
}

/** Those with a rank, the lowest first, equals by name; as many as are shown. */
export function best<T extends Choice>(choices: readonly T[], rankOf: (choice: T) => number | undefined): T[] {
  return choices
    .map((choice) => ({ choice, rank: rankOf(choice) }))
    .filter((found): found is { choice: T; rank: number } => found.rank !== undefined)
    .sort((a, b) => a.rank - b.rank || a.choice.name.localeCompare(b.choice.name, "sv"))
    .slice(0, SHOWN_MAX)
    .map((found) => found.choice);
}

let counter = 0;

export class TypeAhead {
  protected readonly choices: Choice[];
  protected readonly input = document.createElement("input");
  private readonly list = document.createElement("ul");
  private readonly status = document.createElement("span");
  private shown: Choice[] = [];
  private active = -1;

  constructor(protected readonly select: HTMLSelectElement) {
    this.choices = choicesOf(select);
    const id = select.id || `type-ahead-${++counter}`;
    this.list.id = `${id}-list`;
    this.list.className = "type-ahead-list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", select.labels?.[0]?.textContent?.trim() ?? "");
    this.list.hidden = true;
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    Object.assign(this.input, { id, type: "text", autocomplete: "off", spellcheck: false });
    this.input.required = select.required;
    for (const name of ["aria-describedby", "aria-invalid"]) {
      const value = select.getAttribute(name);
      if (value !== null) this.input.setAttribute(name, value);
    }
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-expanded", "false");
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.value = this.chosen()?.name ?? "";
    select.removeAttribute("id");
    select.required = false;
    select.hidden = true;
    select.tabIndex = -1;
    const box = document.createElement("div");
    box.className = "type-ahead";
    select.after(box);
    box.append(this.input, this.list, this.status);
    this.input.addEventListener("input", () => this.offer());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.leave());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const item = event.target instanceof Element ? event.target.closest("li") : null;
      const index = item ? [...this.list.children].indexOf(item) : -1;
      if (index >= 0) this.take(index);
    });
  }

  private chosen(): Choice | undefined {
    return this.choices.find((choice) => choice.value === this.select.value);
  }

  private offer(): void {
    const typed = fold(this.input.value);
    this.select.value = "";
    this.input.setCustomValidity("");
    this.shown = this.candidates(typed);
    this.list.replaceChildren(...this.shown.map((choice, index) => this.item(choice, index)));
    this.open(this.shown.length > 0);
    this.mark(this.shown.length > 0 ? 0 : -1);
    this.status.textContent = this.shown.length > 0 ? String(this.shown.length) : (this.select.dataset["empty"] ?? "");
  }

  /** What fits what was typed, the best first. */
  protected candidates(typed: string): Choice[] {
    return best(this.choices, (choice) => (typed === "" ? 4 : rank(choice, typed)));
  }

  private item(choice: Choice, index: number): HTMLLIElement {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${index}`;
    item.setAttribute("role", "option");
    item.append(choice.name);
    if (choice.aside !== "") {
      const aside = document.createElement("span");
      aside.className = "soft";
      aside.textContent = choice.aside;
      item.append(aside);
    }
    return item;
  }

  private open(open: boolean): void {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  private mark(index: number): void {
    this.active = index;
    [...this.list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    const item = this.list.children[index];
    if (item) {
      this.input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  private key(event: KeyboardEvent): void {
    const open = !this.list.hidden;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        event.preventDefault();
        if (!open) return this.offer();
        const step = event.key === "ArrowDown" ? 1 : this.shown.length - 1;
        return this.mark((this.active + step) % this.shown.length);
      }
      case "Enter":
        if (open && this.active >= 0) {
          event.preventDefault();
          this.take(this.active);
        }
        return;
      case "Escape":
        if (open) {
          event.preventDefault();
          this.open(false);
        }
        return;
      case "Tab":
        if (open && this.active >= 0 && this.input.value.trim() !== "") this.take(this.active, false);
        return;
    }
  }

  private take(index: number, moveOn = true): void {
    const choice = this.shown[index];
    if (!choice) return;
    this.select.value = choice.value;
    this.input.value = choice.name;
    this.open(false);
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    this.taken(choice, moveOn);
  }

  /** What follows when a choice has been taken. */
  protected taken(_choice: Choice, moveOn: boolean): void {
    const next = this.select.dataset["next"];
    if (moveOn && next) this.select.form?.querySelector<HTMLElement>(next)?.focus();
  }

  private leave(): void {
    this.open(false);
    const chosen = this.chosen();
    if (chosen) this.input.value = chosen.name;
    else if (this.input.value.trim() !== "") this.input.setCustomValidity(this.select.dataset["empty"] ?? "?");
  }
}

function enhance(): void {
  for (const select of document.querySelectorAll<HTMLSelectElement>("select[data-type-ahead]:not([data-enhanced])")) {
    if (select.form?.hasAttribute("data-quick-log")) continue;
    select.dataset["enhanced"] = "";
    new TypeAhead(select);
  }
}

document.addEventListener("DOMContentLoaded", enhance);
document.addEventListener("htmx:after:swap", enhance);
if (document.readyState !== "loading") enhance();
