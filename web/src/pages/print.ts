// A button for those who print, where there is a script to do it. Pages come and go without a load, so the document listens.
const show = () => {
  for (const button of document.querySelectorAll<HTMLButtonElement>("main button[data-print]")) button.hidden = false;
};

document.addEventListener("click", (event) => {
  const pressed = event.target instanceof Element ? event.target.closest("button[data-print]") : null;
  if (pressed) window.print();
});
document.addEventListener("htmx:after:swap", show);
show();
