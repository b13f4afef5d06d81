// May we listen? Asked before the telephone is turned on: a phone that rings but cannot be answered is worse than none.
import type { TextKey } from "./texts";

export const AUDIO: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  channelCount: 1,
};

/** Whether the browser will give the microphone without asking. */
export async function allowedAlready(): Promise<boolean> {
  try {
    const status = await navigator.permissions.query({ name: "microphone" as PermissionName });
    return status.state === "granted";
  } catch {
    // A browser that does not know the question will ask the guide itself.
    return false;
  }
}

/** Asks for the microphone and lets go of it; what stood in the way, if anything. */
export async function tryMicrophone(): Promise<TextKey | undefined> {
  if (!navigator.mediaDevices) return "microphone-denied";
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: AUDIO });
    for (const track of stream.getTracks()) track.stop();
    return undefined;
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    return name === "NotFoundError" || name === "NotReadableError" ? "microphone-missing" : "microphone-denied";
  }
}
