// Shows the map as large as the window. One zooms with the buttons or with + and -, moves by scrolling, dragging
// or with the arrow keys, leaves with Escape. Needs [data-map] (partials/map.html); without it the button stays hidden.
const frame = document.querySelector("[data-map]");
const drawing = frame.querySelector(".pt-scroll");
const legend = frame.querySelector("[data-map-legend]");
const opener = frame.querySelector("[data-map-open]");
const view = frame.querySelector("dialog");
const said = view.querySelector("output");
const steps = view.querySelectorAll("[data-step]");
// The smallest is the whole of it, however small; it opens at the next, larger than on the page.
const SIZES = ["Intera", "100%", "150%", "225%"];

function zoom(to) {
  const level = Math.min(Math.max(to, 0), SIZES.length - 1);
  const across = (drawing.scrollLeft + drawing.clientWidth / 2) / drawing.scrollWidth;
  const down = (drawing.scrollTop + drawing.clientHeight / 2) / drawing.scrollHeight;
  view.dataset.zoom = level;
  said.textContent = SIZES[level];
  for (const button of steps) button.ariaDisabled = !SIZES[level + Number(button.dataset.step)];
  // What was in the middle stays in the middle.
  drawing.scrollLeft = across * drawing.scrollWidth - drawing.clientWidth / 2;
  drawing.scrollTop = down * drawing.scrollHeight - drawing.clientHeight / 2;
}

opener.addEventListener("click", () => {
  view.append(legend, drawing);
  view.dataset.zoom = 0;
  view.showModal();
  zoom(1);
  drawing.focus();
});
view.addEventListener("close", () => {
  frame.prepend(legend);
  opener.before(drawing);
});
for (const button of steps) {
  button.addEventListener("click", () => zoom(Number(view.dataset.zoom) + Number(button.dataset.step)));
}
view.addEventListener("keydown", (event) => {
  const step = { "+": 1, "-": -1 }[event.key];
  if (step) zoom(Number(view.dataset.zoom) + step);
});

// A finger scrolls by itself; a mouse has to drag, and a drag that ends on a mark must not open it.
let held = null;
let dragged = false;
drawing.addEventListener("dragstart", (event) => event.preventDefault());
drawing.addEventListener("pointerdown", (event) => {
  dragged = false;
  held = view.open && event.pointerType === "mouse" ? { x: event.clientX, y: event.clientY } : null;
});
drawing.addEventListener("pointermove", (event) => {
  if (!held || !(event.buttons & 1)) return;
  dragged ||= Math.hypot(event.clientX - held.x, event.clientY - held.y) > 4;
  drawing.scrollBy(-event.movementX, -event.movementY);
});
drawing.addEventListener("click", (event) => dragged && event.preventDefault());
opener.hidden = false;
