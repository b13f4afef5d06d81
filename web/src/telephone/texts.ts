// The words come from the server, in the reader's language: data-text-KEY on the element.

export type TextKey =
  | "off"
  | "turn-on"
  | "connecting"
  | "ready"
  | "ringing"
  | "hidden-number"
  | "answering"
  | "talking"
  | "muted"
  | "ended"
  | "call-failed"
  | "lost"
  | "elsewhere"
  | "use-here"
  | "signed-out"
  | "microphone-ask"
  | "microphone-denied"
  | "microphone-missing"
  | "answer"
  | "decline"
  | "hang-up"
  | "mute"
  | "unmute"
  | "ring-tone";

export class Texts {
  constructor(private readonly root: HTMLElement) {}

  /** The text of `key` with its `{names}` filled in; the key itself if the server sent none, so that it is noticed. */
  get(key: TextKey, values: Record<string, string | number> = {}): string {
    const text = this.root.getAttribute(`data-text-${key}`) ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  }
}
