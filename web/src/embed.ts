// One tag on a page of the town's web site puts the questions and answers there:
// <script src="https://lots.vikhamn.example/questions/embed.js" data-language="sv" data-topic="avfall-och-atervinning"
//   data-title="Frågor och svar" data-height="600" async></script>
// They come in a frame, so that neither page can reach into the other; the frame says how tall it is, and that is all.

const MIN_HEIGHT_PX = 200;
const MAX_HEIGHT_PX = 20_000;
/** A frame that has not said anything by then was refused or cannot be reached: a link takes its place. */
const SILENCE_MS_MAX = 10_000;

function place(script: HTMLScriptElement): void {
  const site = new URL(script.src);
  const language = script.dataset["language"] === "en" ? "en" : "sv";
  const address = new URL("/embedded", site);
  if (language !== "sv") address.searchParams.set("lang", language);
  const topic = script.dataset["topic"];
  if (topic) address.searchParams.set("topic", topic);

  const frame = document.createElement("iframe");
  frame.src = address.href;
  frame.title = script.dataset["title"] ?? (language === "en" ? "Questions and answers" : "Frågor och svar");
  // Its own forms, script and origin, and windows for what is to be read beside it. Never the page around.
  frame.setAttribute("sandbox", "allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads");
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.setAttribute("scrolling", "no");
  Object.assign(frame.style, { width: "100%", border: "0", display: "block" });
  const first = Number(script.dataset["height"]);
  frame.style.height = `${Number.isFinite(first) && first >= MIN_HEIGHT_PX ? Math.min(first, MAX_HEIGHT_PX) : 600}px`;

  let heard = false;
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (event.origin !== site.origin || event.source !== frame.contentWindow) return;
    const said = event.data as { lots?: unknown; height?: unknown } | null;
    if (said?.lots !== "height" || typeof said.height !== "number" || !Number.isFinite(said.height)) return;
    heard = true;
    frame.style.height = `${Math.min(Math.max(said.height, MIN_HEIGHT_PX), MAX_HEIGHT_PX)}px`;
  });
  setTimeout(() => {
    if (heard) return;
    const link = document.createElement("a");
    link.href = new URL("/questions", site).href;
    link.textContent = frame.title;
    const line = document.createElement("p");
    line.append(link);
    frame.replaceWith(line);
  }, SILENCE_MS_MAX);
  script.after(frame);
}

if (document.currentScript instanceof HTMLScriptElement) place(document.currentScript);
