// Weighs a rented home against income as one types. Needs the sheet of tool_rent.html.
// Nothing leaves the page and nothing is kept; without it the sheet is filled in with a pen.
import { rent, sum } from "./household_sums.js";
import { euros, outOfHundred, percent, startSheet } from "./household_sheet.js";

const sayings = {
  "no-income": () => "Scrivi almeno un'entrata: senza, il conto non si può fare.",
  "no-home": () => "Scrivi l'affitto, il condominio e le bollette: con le sole entrate il conto non dice niente.",
  "no-utilities": () => "Scrivi anche le bollette, almeno a occhio: senza, il conto non dice niente.",
  "no-rent": ({ rentWithinCents }) => `Scrivi l'affitto. Per stare dentro i 30 euro ogni 100 sarebbe al massimo ${euros(rentWithinCents)}.`,
  "nothing-left": () => "La casa prende tutto quello che entra: per il resto non rimane niente.",
  short: ({ leftCents }) => `La casa costa ${euros(-leftCents)} più di quello che entra.`,
  heavy: ({ weightTenths, leftCents }) => `La casa prende ${outOfHundred(weightTenths)}. Per tutto il resto rimangono ${euros(leftCents)} al mese.`,
  even: ({ weightTenths, leftCents }) => `La casa prende ${outOfHundred(weightTenths)}. Per tutto il resto rimangono ${euros(leftCents)} al mese.`,
};

startSheet(document.querySelector("[data-sheet=affitto]"), (cents) => {
  const sums = { incomeCents: sum(cents.income), rentCents: sum(cents.rent), condominiumCents: sum(cents.condominium), utilityCents: sum(cents.utilities) };
  const found = rent(sums);
  return {
    state: found.state,
    saying: sayings[found.state](found),
    results: {
      income: euros(sums.incomeCents), home: euros(found.homeCents), weight: percent(found.weightTenths),
      line: euros(found.lineCents), left: euros(found.leftCents), within: euros(found.rentWithinCents),
    },
  };
});
