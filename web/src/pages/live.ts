// A live pane can be stopped for reading: <button data-live-pause="id of the pane" aria-pressed="false">.

/** Whether a button on the page says that `pane` is to stand still. */
export function paused(pane: Element): boolean {
  return document.querySelector(`[data-live-pause="${CSS.escape(pane.id)}"][aria-pressed="true"]`) !== null;
}

/** Whether any live pane around `element` stands still. */
export function standsStill(element: Element): boolean {
  for (let pane = element.closest("[id]"); pane; pane = pane.parentElement?.closest("[id]") ?? null) {
    if (paused(pane)) return true;
  }
  return false;
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-live-pause]") : null;
  if (!button) return;
  const pressed = button.getAttribute("aria-pressed") === "true";
  button.setAttribute("aria-pressed", String(!pressed));
});

document.addEventListener("htmx:sse:before:message", (event) => {
  if (event.target instanceof Element && paused(event.target)) event.preventDefault();
});

// A pane that has lost its stream must not look alive. Who is signed out is sent to the door.
interface StreamError {
  readonly status?: number;
}

function lost(yes: boolean): void {
  const notice = document.getElementById("live-lost");
  if (notice) notice.hidden = !yes;
}

document.addEventListener("htmx:sse:error", (event) => {
  const { status } = (event as CustomEvent<StreamError>).detail;
  if (status === 401) location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
  lost(true);
});
document.addEventListener("htmx:sse:after:connection", () => lost(false));
