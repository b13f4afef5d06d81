// What the telephone is doing. One value says it all; the view shows nothing else.
import type { TextKey } from "./texts";

export type State =
  | { is: "off"; why?: TextKey }
  | { is: "connecting" }
  | { is: "ready"; note?: TextKey }
  | { is: "ringing"; caller: string }
  | { is: "answering"; caller: string }
  | { is: "talking"; caller: string; since: number; muted: boolean }
  | { is: "lost"; seconds: number }
  | { is: "elsewhere" }
  | { is: "signed-out" };

/** Whether a resident is on the line or about to be. */
export function inCall(state: State): boolean {
  return state.is === "answering" || state.is === "talking";
}
