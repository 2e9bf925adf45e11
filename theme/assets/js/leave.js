// Leaves a page one may have to hide: the other site takes its place in the history, so that «back» does not return to it.
// Escape pressed three times does the same. Needs a link with data-leave, which leads there without a script too.
const way = document.querySelector("[data-leave]");
let presses = 0;
let last = 0;

function leave() {
  document.documentElement.hidden = true;
  document.title = " ";
  location.replace(way.href);
}

way.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});
addEventListener("keydown", ({ key, timeStamp }) => {
  presses = key !== "Escape" ? 0 : timeStamp - last < 1500 ? presses + 1 : 1;
  last = timeStamp;
  if (presses === 3) leave();
});
