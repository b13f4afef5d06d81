// Shows a state in text and buttons. Never moves focus: a guide may be writing when it rings.
import type { State } from "./state";
import type { TextKey, Texts } from "./texts";

export interface Actions {
  turnOn(): void;
  useHere(): void;
  answer(): void;
  decline(): void;
  hangUp(): void;
  toggleMute(): void;
}

const RING_TONE_KEY = "lots.telephone.ring-tone";

function formatTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export class View {
  readonly audio = document.createElement("audio");
  private readonly line = document.createElement("p");
  private readonly time = document.createElement("span");
  private readonly buttons: Record<"turnOn" | "useHere" | "answer" | "decline" | "hangUp" | "mute", HTMLButtonElement>;
  private readonly ringTone = document.createElement("input");
  private shown: State = { is: "off" };

  constructor(
    private readonly root: HTMLElement,
    private readonly texts: Texts,
    actions: Actions,
  ) {
    this.line.className = "telephone-state";
    this.line.setAttribute("role", "status");
    this.time.className = "telephone-time";
    // A clock that ticks would be read out every second.
    this.time.setAttribute("aria-hidden", "true");
    this.audio.autoplay = true;
    this.buttons = {
      turnOn: this.button("turn-on", actions.turnOn),
      useHere: this.button("use-here", actions.useHere),
      answer: this.button("answer", actions.answer, "F8"),
      decline: this.button("decline", actions.decline, "Shift+F8"),
      hangUp: this.button("hang-up", actions.hangUp, "F8"),
      mute: this.button("mute", actions.toggleMute, "F9"),
    };
    const row = document.createElement("div");
    row.className = "telephone-buttons";
    row.append(...Object.values(this.buttons));
    root.replaceChildren(this.line, this.time, row, this.ringToneSwitch(), this.audio);
    document.addEventListener("keydown", (event) => this.key(event, actions));
    window.setInterval(() => this.showTime(), 1000);
  }

  /** Whether the guide wants to hear it ring. */
  get ringToneOn(): boolean {
    return this.ringTone.checked;
  }

  show(state: State): void {
    this.shown = state;
    this.root.dataset["state"] = state.is;
    // A call must be heard at once; all else waits for the reader to finish the sentence.
    this.line.setAttribute("aria-live", state.is === "ringing" ? "assertive" : "polite");
    const text = this.describe(state);
    if (this.line.textContent !== text) this.line.textContent = text;
    const { turnOn, useHere, answer, decline, hangUp, mute } = this.buttons;
    this.only(turnOn, state.is === "off");
    this.only(useHere, state.is === "elsewhere");
    this.only(answer, state.is === "ringing");
    this.only(decline, state.is === "ringing");
    this.only(hangUp, state.is === "answering" || state.is === "talking");
    this.only(mute, state.is === "talking");
    const muted = state.is === "talking" && state.muted;
    mute.textContent = this.texts.get(muted ? "unmute" : "mute");
    this.showTime();
  }

  private describe(state: State): string {
    switch (state.is) {
      case "off":
        return this.texts.get(state.why ?? "off");
      case "connecting":
        return this.texts.get("connecting");
      case "ready":
        return [state.note, "ready" as const].flatMap((key) => (key ? [this.texts.get(key)] : [])).join(". ");
      case "ringing":
        return this.texts.get("ringing", { caller: state.caller });
      case "answering":
        return this.texts.get("answering", { caller: state.caller });
      case "talking":
        return this.texts.get(state.muted ? "muted" : "talking", { caller: state.caller });
      case "lost":
        return this.texts.get("lost", { seconds: state.seconds });
      case "elsewhere":
        return this.texts.get("elsewhere");
      case "signed-out":
        return this.texts.get("signed-out");
    }
  }

  private showTime(): void {
    const state = this.shown;
    this.time.textContent = state.is === "talking" ? formatTime((Date.now() - state.since) / 1000) : "";
  }

  /** Shows or hides a button. One that is hidden while focused hands focus to the next that is shown. */
  private only(button: HTMLButtonElement, shown: boolean): void {
    const hadFocus = !shown && document.activeElement === button;
    button.hidden = !shown;
    if (hadFocus) {
      this.line.tabIndex = -1;
      this.line.focus();
    }
  }

  private button(key: TextKey, act: () => void, keys?: string): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `telephone-${key}`;
    button.textContent = this.texts.get(key);
    button.hidden = true;
    if (keys) button.setAttribute("aria-keyshortcuts", keys);
    button.addEventListener("click", act);
    return button;
  }

  private ringToneSwitch(): HTMLLabelElement {
    const label = document.createElement("label");
    label.className = "telephone-ring-tone";
    this.ringTone.type = "checkbox";
    this.ringTone.checked = localStorage.getItem(RING_TONE_KEY) !== "off";
    this.ringTone.addEventListener("change", () => {
      localStorage.setItem(RING_TONE_KEY, this.ringTone.checked ? "on" : "off");
    });
    label.append(this.ringTone, ` ${this.texts.get("ring-tone")}`);
    return label;
  }

  // Function keys only: they write no characters, so they never collide with typing (WCAG 2.1.4).
  private key(event: KeyboardEvent, actions: Actions): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const state = this.shown.is;
    let act: (() => void) | undefined;
    if (event.key === "F8" && state === "ringing") act = event.shiftKey ? actions.decline : actions.answer;
    else if (event.key === "F8" && (state === "talking" || state === "answering")) act = actions.hangUp;
    else if (event.key === "F9" && state === "talking" && !event.shiftKey) act = actions.toggleMute;
    if (!act) return;
    event.preventDefault();
    act();
  }
}
