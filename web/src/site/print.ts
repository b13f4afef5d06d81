// A button for those who print, where there is a script to do it.
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
  button.addEventListener("click", () => window.print());
  button.closest<HTMLElement>("[hidden]")?.removeAttribute("hidden");
}
