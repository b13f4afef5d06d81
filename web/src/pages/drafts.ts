// The shared answer to a letter: saved while it is written, put together with what a colleague writes at the same time,
// with a word of who else is writing. Without script the form has a button that saves.

const SAVE_AFTER_MS = 1200;
const BEAT_EVERY_MS = 8000;

interface Saved {
  readonly version: number;
  readonly own_version: number;
  readonly text: string;
  readonly merged: boolean;
  readonly conflict: boolean;
}

interface Writers {
  readonly names: readonly string[];
  readonly version: number;
}

interface Form {
  readonly form: HTMLFormElement;
  readonly field: HTMLTextAreaElement;
  readonly version: HTMLInputElement;
}

function current(): Form | null {
  const form = document.querySelector<HTMLFormElement>("form[data-draft]");
  const field = form?.querySelector<HTMLTextAreaElement>("textarea[name=text]");
  const version = form?.querySelector<HTMLInputElement>("input[name=draft_version]");
  return form && field && version ? { form, field, version } : null;
}

function say(selector: string, text: string): void {
  const line = document.querySelector<HTMLElement>(selector);
  if (line && line.textContent !== text) line.textContent = text;
}

async function post<T>(address: string, fields: Record<string, string>): Promise<T> {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
  const answer = await fetch(address, {
    method: "POST",
    headers: { accept: "application/json", "X-CSRF-Token": token },
    body: new URLSearchParams(fields),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as T;
}

/** Puts the text in, with the caret as far from the end as it was. */
function put(field: HTMLTextAreaElement, text: string): void {
  const fromEnd = field.value.length - field.selectionEnd;
  field.value = text;
  const caret = Math.max(0, text.length - fromEnd);
  if (document.activeElement === field) field.setSelectionRange(caret, caret);
}

let saving = false;
let timer = 0;

async function save(): Promise<void> {
  const at = current();
  if (!at || saving) return;
  saving = true;
  const sent = at.field.value;
  try {
    const saved = await post<Saved>(at.form.dataset["draft"] ?? "", { text: sent, draft_version: at.version.value });
    if (!at.form.isConnected) return;
    if (!saved.merged) {
      at.version.value = String(saved.version);
    } else if (at.field.value === sent) {
      put(at.field, saved.text);
      at.version.value = String(saved.version);
    } else {
      // More has been typed meanwhile: it builds on what was sent, and the next save puts the two together.
      at.version.value = String(saved.own_version);
    }
    const word = saved.conflict ? "textConflict" : saved.merged ? "textMerged" : "textSaved";
    say("#draft-state", at.form.dataset[word] ?? "");
    if (at.field.value !== sent && at.field.value !== saved.text) later();
  } catch {
    say("#draft-state", at.form.dataset["textFailed"] ?? "");
    later();
  } finally {
    saving = false;
  }
}

function later(): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void save(), SAVE_AFTER_MS);
}

async function beat(): Promise<void> {
  const at = current();
  if (!at || document.hidden) return;
  const writing = document.activeElement === at.field ? "yes" : "no";
  try {
    const others = await post<Writers>(at.form.dataset["writing"] ?? "", { writing });
    const text = at.form.dataset["textWriting"] ?? "";
    say("#draft-writers", others.names.length > 0 ? text.replace("{names}", others.names.join(", ")) : "");
    // Somebody else has saved: what they wrote comes in with the next save, also if nothing is typed here.
    if (String(others.version) !== at.version.value && !saving) await save();
  } catch {
    // The next beat tells more; the draft's own line says it if saving fails.
  }
}

document.addEventListener("input", (event) => {
  if (event.target instanceof HTMLElement && event.target.matches("form[data-draft] textarea[name=text]")) later();
});
document.addEventListener("focusin", (event) => {
  if (event.target instanceof HTMLElement && event.target.matches("form[data-draft] textarea[name=text]")) void beat();
});
setInterval(() => void beat(), BEAT_EVERY_MS);
