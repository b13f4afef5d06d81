// Logging a contact in seconds: after hang-up the form has the focus, one key chooses the outcome, Enter is done.

const WRITES = "input:not([type=radio], [type=checkbox]), textarea, select";

function field(): HTMLElement | null {
  // What was logged during the call needs no more than one press to be done with.
  if (document.querySelector("#log-form[data-logged]")) {
    return document.querySelector<HTMLElement>("button[name=do][value=wrap_up_done]");
  }
  // The select behind the type-ahead is hidden and comes first; without script it is the field.
  return (
    document.querySelector<HTMLElement>("#log-form [role=combobox]") ??
    document.querySelector<HTMLElement>("#log-form select")
  );
}

/** Whether the guide is in the middle of something that focus must not be taken from. */
function busy(): boolean {
  const active = document.activeElement;
  if (!active || active === document.body) return false;
  if (active.matches(WRITES)) return true;
  // A button that was just pressed in the telephone or among the states is done with.
  return false;
}

let phase = "";

function follow(): void {
  const now = document.querySelector<HTMLElement>("#contact-head")?.dataset["phase"] ?? "";
  if (now === phase) return;
  // Who hangs up at once brings the end of the call before the form: then it is followed when the form is there.
  if (now === "wrap_up" && !field()) return;
  phase = now;
  if (now === "wrap_up" && !busy()) field()?.focus();
}

document.addEventListener("htmx:after:swap", follow);
document.addEventListener("DOMContentLoaded", follow);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target;
  if (!(target instanceof HTMLElement) || target.matches(WRITES)) return;
  const form = target.closest<HTMLElement>("#log-form");
  if (!form || !/^[0-9]$/.test(event.key)) return;
  const choice = form.querySelector<HTMLInputElement>(`input[data-key="${event.key}"]`);
  if (!choice) return;
  event.preventDefault();
  // A radio button is chosen; a box that is ticked already is cleared again.
  choice.checked = choice.type === "radio" || !choice.checked;
  choice.focus();
  choice.dispatchEvent(new Event("change", { bubbles: true }));
});
