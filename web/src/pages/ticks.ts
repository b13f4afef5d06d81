// Boxes ticked in a list: how many there are is said, all can be ticked, and a live list stands still meanwhile, since
// its rows must not move under the hand.

export {};

function boxes(form: Element): HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>("input[type=checkbox][name=case]")];
}

function count(form: Element): void {
  const n = boxes(form).filter((box) => box.checked).length;
  const told = form.querySelector<HTMLElement>("#bulk-count");
  if (!told) return;
  told.hidden = n === 0;
  told.textContent = (told.dataset["text"] ?? "{n}").replace("{n}", String(n));
}

document.addEventListener("change", (event) => {
  const form = event.target instanceof Element ? event.target.closest("[data-guards-live]") : null;
  if (form) count(form);
});

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-tick-all]") : null;
  const form = button ? document.getElementById(button.dataset["tickAll"] ?? "") : null;
  if (!form) return;
  const all = boxes(form);
  const tick = all.some((box) => !box.checked);
  for (const box of all) box.checked = tick;
  count(form);
});

function show(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-tick-all]")) button.hidden = false;
}

/** Whether the reader holds the list still: by the pause button, by ticked boxes, or by having the focus within it. */
function held(pane: string): boolean {
  if (document.querySelector(`[data-live-pause="${CSS.escape(pane)}"][aria-pressed="true"]`)) return true;
  const form = document.querySelector(`[data-guards-live="${CSS.escape(pane)}"]`);
  if (form && boxes(form).some((box) => box.checked)) return true;
  return document.getElementById(pane)?.contains(document.activeElement) ?? false;
}

document.addEventListener("htmx:sse:before:message", (event) => {
  const stream = event.target instanceof Element ? event.target : null;
  if (stream?.id.endsWith("-live") && held(stream.id.slice(0, -"-live".length))) event.preventDefault();
});

document.addEventListener("DOMContentLoaded", show);
document.addEventListener("htmx:after:swap", show);
if (document.readyState !== "loading") show();
