// A sheet of amounts that does its sums as one types: reads the fields, shows results, says what cannot be read.
// Needs inputs with data-group, elements with data-result and data-advice, and parts named with data-part.
import { centsOf } from "./household_sums.js";

export const euros = (cents) =>
  new Intl.NumberFormat("it-IT", { style: "currency", currency: "EUR", useGrouping: "always" }).format(cents / 100);

export const percent = (tenths) =>
  tenths === null ? "non si può dire" : `${new Intl.NumberFormat("it-IT", { minimumFractionDigits: 1 }).format(tenths / 10)}%`;

// A screen reader is told the result when one pauses, not at every figure.
const PAUSE_MILLISECONDS = 600;

/** Keep *sheet* up to date. *work* takes the cents of each group and gives `state`, `saying` and `results` as text. */
export function startSheet(sheet, work) {
  const part = (name) => sheet.querySelector(`[data-part=${name}]`);
  const fields = [...sheet.querySelectorAll("input[data-group]")];
  let pause;

  function update() {
    const cents = {};
    let unread = 0;
    for (const field of fields) {
      const read = centsOf(field.value);
      mark(field, read === null);
      unread += read === null;
      (cents[field.dataset.group] ??= []).push(read ?? 0);
    }
    const begun = fields.some((field) => field.value.trim());
    // A row left out could turn the verdict round: until every row can be read there is none.
    const { state, saying, results } = unread ? { saying: missing(unread), results: {} } : work(cents);
    for (const shown of sheet.querySelectorAll("[data-result]")) shown.textContent = (begun && results[shown.dataset.result]) || "";
    for (const advice of sheet.querySelectorAll("[data-advice]")) advice.hidden = begun && advice.dataset.advice !== state;
    clearTimeout(pause);
    pause = setTimeout(() => { part("saying").textContent = begun ? saying : ""; }, PAUSE_MILLISECONDS);
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
  fault.textContent = wrong ? `«${field.value.trim()}» non è un importo. Scrivilo così: 1.250,50` : "";
  field.setAttribute("aria-invalid", wrong);
}

const missing = (count) => `${count === 1 ? "Una riga non si capisce" : `${count} righe non si capiscono`}: senza, il conto non si può fare.`;
