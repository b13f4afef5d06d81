// Durations that go on growing between two messages from the server:
// <span data-since="1793608500000" data-seconds="45">0:45</span>. The demo's clock may run faster than ours: <html data-clock-speed="60">.
import { standsStill } from "./live";

interface Start {
  /** The attributes as they were when the counting began; others mean news from the server. */
  readonly given: string;
  readonly at: number;
}

const starts = new WeakMap<Element, Start>();

function text(secondsTotal: number): string {
  const whole = Math.max(0, Math.floor(secondsTotal));
  const seconds = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}

function tick(): void {
  const speed = Number(document.documentElement.dataset["clockSpeed"] ?? "1") || 1;
  const now = performance.now();
  for (const element of document.querySelectorAll<HTMLElement>("[data-seconds]")) {
    if (standsStill(element)) continue;
    const seconds = element.dataset["seconds"] ?? "0";
    const given = `${element.dataset["since"] ?? ""}+${seconds}`;
    let start = starts.get(element);
    if (!start || start.given !== given) {
      start = { given, at: now };
      starts.set(element, start);
    }
    const shown = text(Number(seconds) + ((now - start.at) / 1000) * speed);
    if (element.textContent !== shown) element.textContent = shown;
  }
}

setInterval(tick, 500);
