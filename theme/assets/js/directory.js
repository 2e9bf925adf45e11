// Combines role, town and area over the list of the network, and says how many organisations are left.
// Needs a form [data-directory] with a select per value and a role="status", and in [data-directory-list]
// items with data-role, data-town and data-area. Without it the form stays hidden: each value is a page.
const form = document.querySelector("[data-directory]");
const items = [...document.querySelectorAll("[data-directory-list] > li")];
const count = form.querySelector('[role="status"]');

function combine() {
  const chosen = [...new FormData(form)].filter(([, value]) => value);
  let left = 0;
  let letter = "";
  for (const item of items) {
    item.hidden = !chosen.every(([name, value]) => item.dataset[name].split(" ").includes(value));
    if (item.hidden) continue;
    left += 1;
    const initial = item.querySelector(".pt-names__letter");
    initial.hidden = initial.textContent === letter;
    letter = initial.textContent;
  }
  const said = left === 1 ? "1 organizzazione" : `${left} organizzazioni`;
  count.textContent = left ? `${said} su ${items.length}.` : "Nessuna organizzazione: prova a togliere un filtro.";
}

form.addEventListener("change", combine);
// The fields are cleared after this event, not before it.
form.addEventListener("reset", () => setTimeout(combine));
form.addEventListener("submit", (event) => event.preventDefault());
form.hidden = false;
combine();
