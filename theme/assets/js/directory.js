// Combines role, town and area over the list of the network, and says how many organisations are left.
// Needs a form [data-directory] with a select per value, a role="status", a button to reset the form in an
// element that can be hidden, and in [data-directory-list] items with data-role, data-town and data-area.
// Without it the form stays hidden: each value is a page.
const form = document.querySelector("[data-directory]");
const items = [...document.querySelectorAll("[data-directory-list] > li")];
const count = document.querySelector('main [role="status"]');
const clearing = document.querySelector('[type="reset"]').parentElement;

function combine() {
  const chosen = [...new FormData(form)].filter(([, value]) => value);
  let left = 0;
  let letter = "";
  for (const item of items) {
    item.hidden = !chosen.every(([name, value]) => item.dataset[name].split(" ").includes(value));
    if (item.hidden) continue;
    left += 1;
    const initial = item.querySelector(".pt-names__letter");
    // A short list needs no letters, and its columns begin at one height.
    initial.hidden = chosen.length > 0 || initial.textContent === letter;
    letter = initial.textContent;
  }
  const said = left === 1 ? "1 organizzazione" : `${left} organizzazioni`;
  count.textContent = left ? said + (chosen.length ? ` su ${items.length}` : "") : "Nessuna organizzazione: prova a togliere un filtro";
  // Who pressed the button goes on from the fields, as it is about to disappear.
  if (!chosen.length && clearing.contains(document.activeElement)) form.elements[0].focus();
  clearing.hidden = !chosen.length;
}

form.addEventListener("change", combine);
// The fields are cleared after this event, not before it.
form.addEventListener("reset", () => setTimeout(combine));
form.addEventListener("submit", (event) => event.preventDefault());
form.hidden = false;
combine();
