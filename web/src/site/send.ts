// A form's fields sent in the body, never in the address, and the fragment that comes back.

/** Sends `fields` and gives the answer's text; nothing if it failed or was overtaken by a newer one. */
export async function send(address: string, fields: Record<string, string>, signal?: AbortSignal): Promise<string | undefined> {
  try {
    const answer = await fetch(address, {
      method: "POST",
      body: new URLSearchParams(fields),
      keepalive: true,
      ...(signal ? { signal } : {}),
    });
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
}

/** Calls `act` when nothing has happened for `pause_ms`. */
export function paused(pause_ms: number, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, pause_ms);
  };
}
