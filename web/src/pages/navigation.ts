// Boosted navigation replaces <main> alone: the menu outside it must say itself where we are.

function mark(): void {
  const path = location.pathname;
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".masthead nav a")) {
    const place = link.pathname;
    if (path === place || path.startsWith(`${place}/`)) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

for (const event of ["htmx:after:history:push", "htmx:after:history:replace", "htmx:after:swap"]) {
  document.addEventListener(event, mark);
}

// Forms outside <main> that come back to the page they were sent from.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.closest(".masthead, .demo-strip")) return;
    const back = form.querySelector<HTMLInputElement>("input[name=back]");
    if (back) back.value = location.pathname + location.search;
  },
  // Before htmx reads the form.
  { capture: true },
);
