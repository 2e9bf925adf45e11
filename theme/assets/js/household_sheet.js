// A sheet of amounts that does its sums as one types: reads the fields, shows results, says what cannot be read.
// Needs inputs with data-group, elements with data-result and data-advice, and parts named with data-part. Advice
// names the sums by letter for a pen, in data-by-hand; once they are done, it speaks plainly, in data-done.
import { centsOf, faultOf } from "./household_sums.js";

export const euros = (cents) =>
  new Intl.NumberFormat("it-IT", { style: "currency", currency: "EUR", useGrouping: "always" }).format(cents / 100).replace("-", "−");

export const percent = (tenths) =>
  tenths === null ? "non si può dire" : `${new Intl.NumberFormat("it-IT", { minimumFractionDigits: 1 }).format(tenths / 10)}%`;

export const outOfHundred = (tenths) => `${new Intl.NumberFormat("it-IT").format(tenths / 10)} euro ogni 100 che entrano`;

// A screen reader is told the result when one pauses, not at every figure.
const PAUSE_MILLISECONDS = 600;

/** Keep *sheet* up to date. *work* takes the cents of each group and gives `state`, `saying` and `results` as text. */
export function startSheet(sheet, work) {
  const part = (name) => sheet.querySelector(`[data-part=${name}]`);
  const fields = [...sheet.querySelectorAll("input[data-group]")];
  let pause;

  function update() {
    const cents = {};
    const unread = [];
    for (const field of fields) {
      const read = centsOf(field.value);
      mark(field, read === null);
      if (read === null) unread.push(field);
      (cents[field.dataset.group] ??= []).push(read ?? 0);
    }
    const begun = fields.some((field) => field.value.trim());
    // A row left out could turn the verdict round: until every row can be read there is none.
    const { state, saying, results } = unread.length ? { saying: missing(unread), results: {} } : work(cents);
    for (const shown of sheet.querySelectorAll("[data-result]")) shown.textContent = (begun && results[shown.dataset.result]) || "";
    for (const advice of sheet.querySelectorAll("[data-advice]")) advice.hidden = begun && advice.dataset.advice !== state;
    part("advice").hidden = !sheet.querySelector("[data-advice]:not([hidden])");
    for (const words of sheet.querySelectorAll("[data-by-hand]")) words.hidden = begun;
    for (const words of sheet.querySelectorAll("[data-done]")) words.hidden = !begun;
    clearTimeout(pause);
    pause = setTimeout(() => part("saying").replaceChildren(...(begun ? [saying].flat() : [])), PAUSE_MILLISECONDS);
  }

  sheet.addEventListener("input", update);
  part("print").addEventListener("click", () => print());
  part("clear").addEventListener("click", () => {
    for (const field of fields) field.value = "";
    update();
    fields[0].focus();
  });
  part("buttons").hidden = false;
  part("by-hand").hidden = true;
  update();
}

function mark(field, wrong) {
  const fault = document.getElementById(`${field.id}-errore`);
  fault.textContent = wrong ? faultOf(field.value.trim()) : "";
  field.setAttribute("aria-invalid", wrong);
}

// Far below the rows on a phone: each is named, and a tap leads back to it.
function missing(fields) {
  const links = fields.flatMap((field, place) => {
    const link = document.createElement("a");
    link.href = `#${field.id}`;
    link.textContent = `«${field.labels[0].textContent}»`;
    return place ? [", ", link] : [link];
  });
  const rows = fields.length === 1 ? "Una riga è da correggere" : `${fields.length} righe sono da correggere`;
  return [`${rows}: `, ...links, ". Senza, il conto non si può fare."];
}
