// Every page's script: htmx, and what navigation without a page load owes the reader.
import "./htmx";
import "./pages/index";

/** Moves focus to the page's heading, as a page load would have moved the reader to its top. */
function focusHeading(): void {
  const heading = document.querySelector<HTMLElement>("main h1");
  if (!heading) return;
  if (!heading.hasAttribute("tabindex")) heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

// Boosted navigation and back/forward replace <main>; whatever else is swapped leaves focus where it is.
let mainReplaced = false;
document.addEventListener("htmx:before:swap", (event) => {
  const target = event.detail.ctx.target;
  mainReplaced = target instanceof Element && (target === document.body || target.tagName === "MAIN");
});
document.addEventListener("htmx:after:swap", () => {
  if (!mainReplaced) return;
  mainReplaced = false;
  if (!document.activeElement?.matches("main [autofocus]")) focusHeading();
});

// The token that proves that a request that changes something comes from our own page.
document.addEventListener("htmx:config:request", (event) => {
  const request = event.detail.ctx.request;
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  if (token && request.method !== "GET") request.headers["X-CSRF-Token"] = token;
});
