// Keys that do something, and the palette. What there is and on which key comes from the server (/palette), once; a key
// that writes never fires while somebody types.

export {};

interface Shortcut {
  readonly command: string;
  readonly href: string | undefined;
  readonly focus: string | undefined;
}

const WRITES =
  "input:not([type=radio], [type=checkbox], [type=submit], [type=button]), textarea, select, [contenteditable], [role=combobox]";

let shortcuts = new Map<string, Shortcut>();

function token(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

/** The key as the server writes it: Ctrl+K, F4, ?. A letter's Shift is part of the sign. */
function chordOf(event: KeyboardEvent): string {
  const key = event.key.toUpperCase();
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${key}`;
}

/** Whether a key would write something where the focus is. */
function wouldWrite(event: KeyboardEvent): boolean {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  // AltGr writes signs and comes as Ctrl+Alt; macOS writes signs with Option.
  const writes = event.key.length === 1 && (plain || event.getModifierState("AltGraph"));
  return writes && event.target instanceof Element && event.target.closest(WRITES) !== null;
}

function dialog(id: string): HTMLDialogElement | null {
  const found = document.getElementById(id);
  return found instanceof HTMLDialogElement ? found : null;
}

/** Goes somewhere as a link on the page would: htmx swaps <main>, and a call goes on. */
function go(href: string): void {
  const link = document.createElement("a");
  link.href = href;
  link.hidden = true;
  const main = document.querySelector("main") ?? document.body;
  main.append(link);
  const htmx = (globalThis as { htmx?: { process(element: Element): void } }).htmx;
  htmx?.process(link);
  link.click();
  link.remove();
}

function perform(shortcut: Shortcut): void {
  if (shortcut.command === "palette") return openPalette();
  if (shortcut.command === "help") return dialog("keys-help")?.showModal();
  const wanted = shortcut.focus ? visible(shortcut.focus) : undefined;
  if (wanted) {
    wanted.focus();
    if (wanted instanceof HTMLInputElement) wanted.select();
    return;
  }
  if (!shortcut.href) return;
  const here = location.pathname + location.search;
  go(shortcut.command === "next" ? `${shortcut.href}?here=${encodeURIComponent(here)}` : shortcut.href);
}

function visible(selector: string): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>(selector)].find((element) => element.offsetParent !== null);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.isComposing) return;
  if (wouldWrite(event) || document.querySelector("dialog[open]")) return;
  const shortcut = shortcuts.get(chordOf(event));
  if (!shortcut) return;
  event.preventDefault();
  perform(shortcut);
});

// The palette: a combobox in a window. The choices that do not fit what is typed are hidden, cases are asked for.

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

const FIND_AFTER_MS = 120;
let finding: AbortController | undefined;
let timer: number | undefined;
let active = -1;

function list(): HTMLElement | null {
  return document.getElementById("palette-list");
}

function input(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>("#palette-input");
}

function options(): HTMLElement[] {
  return [...(list()?.querySelectorAll<HTMLElement>("[role=option]:not([hidden])") ?? [])];
}

function mark(index: number): void {
  const shown = options();
  active = shown.length === 0 ? -1 : (index + shown.length) % shown.length;
  shown.forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
  const option = shown[active];
  if (option) {
    input()?.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    input()?.removeAttribute("aria-activedescendant");
  }
}

function tell(): void {
  const box = dialog("palette");
  const status = document.getElementById("palette-status");
  if (!box || !status) return;
  const n = options().length;
  status.textContent =
    n === 0 ? (box.dataset["nothing"] ?? "") : (box.dataset["found"] ?? "").replace("{n}", String(n));
}

function narrow(): void {
  const terms = fold(input()?.value ?? "").split(/\s+/);
  for (const option of list()?.querySelectorAll<HTMLElement>("[role=option]:not([data-case])") ?? []) {
    const words = fold(option.textContent ?? "");
    option.hidden = !terms.every((term) => words.includes(term));
  }
  mark(0);
  tell();
}

/** Asks for cases that fit; the newest question wins. */
async function find(): Promise<void> {
  finding?.abort();
  const address = dialog("palette")?.dataset["find"];
  const typed = input()?.value.trim() ?? "";
  const found = list()?.querySelectorAll("[data-case]") ?? [];
  if (!address || typed.length < 2) {
    for (const option of found) option.remove();
    return narrow();
  }
  finding = new AbortController();
  try {
    const body = new URLSearchParams({ query: typed });
    const headers = { "X-CSRF-Token": token(), "HX-Request": "true" };
    const answer = await fetch(address, { method: "POST", body, headers, signal: finding.signal });
    if (!answer.ok) return;
    const parsed = new DOMParser().parseFromString(`<ul>${await answer.text()}</ul>`, "text/html");
    for (const option of found) option.remove();
    for (const option of parsed.querySelectorAll<HTMLElement>("li")) {
      option.dataset["case"] = "";
      // A case that was asked for by its number is what is meant: before pages whose names happen to fit.
      list()?.prepend(option);
    }
    mark(0);
    tell();
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
  }
}

function take(option: HTMLElement | undefined): void {
  if (!option) return;
  dialog("palette")?.close();
  const { command = "", href, focus } = option.dataset;
  if (command !== "") perform({ command, href, focus });
  else if (href) go(href);
}

function openPalette(): void {
  const box = dialog("palette");
  const field = input();
  if (!box || !field) return;
  field.value = "";
  for (const option of list()?.querySelectorAll("[data-case]") ?? []) option.remove();
  narrow();
  box.showModal();
  field.focus();
}

function wire(home: HTMLElement): void {
  const field = home.querySelector<HTMLInputElement>("#palette-input");
  field?.addEventListener("input", () => {
    narrow();
    clearTimeout(timer);
    timer = setTimeout(() => void find(), FIND_AFTER_MS);
  });
  field?.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(options()[active]);
    }
  });
  const choices = home.querySelector<HTMLElement>("#palette-list");
  choices?.addEventListener("mousedown", (event) => event.preventDefault());
  choices?.addEventListener("click", (event) => {
    const option = event.target instanceof Element ? event.target.closest<HTMLElement>("[role=option]") : null;
    if (option) take(option);
  });
}

/** Fetches the palette and the keys; again when they may have changed. */
async function load(): Promise<void> {
  const home = document.getElementById("palette-home");
  const address = home?.dataset["src"];
  if (!home || !address) return;
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (document.querySelector("#palette-home dialog[open]")) return;
  home.replaceChildren(...parsed.body.childNodes);
  shortcuts = new Map(
    [...home.querySelectorAll<HTMLElement>("#shortcuts [data-key]")].map((key) => [
      key.dataset["key"] ?? "",
      { command: key.dataset["command"] ?? "", href: key.dataset["href"], focus: key.dataset["focus"] },
    ]),
  );
  wire(home);
}

document.addEventListener("DOMContentLoaded", () => void load());
if (document.readyState !== "loading") void load();
// Whoever has just saved their keys wants to use them.
document.addEventListener("htmx:after:swap", () => {
  if (location.pathname === "/keys") void load();
});
