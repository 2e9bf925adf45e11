// Does the sums of the household budget as one types. Needs the sheet of tool_budget.html.
// Nothing leaves the page and nothing is kept; without it the sheet is filled in with a pen.
import { budget, sum } from "./household_sums.js";
import { euros, outOfHundred, percent, startSheet } from "./household_sheet.js";

const sayings = {
  "no-income": () => "Scrivi almeno un'entrata: senza, il conto non si può fare.",
  "no-spending": () => "Scrivi anche le spese: con le sole entrate il conto non dice niente.",
  "no-variable": () => "Scrivi anche le spese che cambiano, almeno quella per mangiare: senza, il conto non dice niente.",
  "nothing-left": () => "Non resta niente: basta un imprevisto.",
  short: ({ leftCents }) => `Ogni mese mancano ${euros(-leftCents)}: esce più di quello che entra.`,
  heavy: ({ leftCents, weightTenths }) => `A fine mese restano ${euros(leftCents)}, ma le rate prendono ${outOfHundred(weightTenths)}.`,
  even: ({ leftCents, weightTenths }) => `A fine mese restano ${euros(leftCents)}. Le rate prendono ${outOfHundred(weightTenths)}.`,
};

startSheet(document.querySelector("[data-sheet=bilancio]"), (cents) => {
  const sums = { incomeCents: sum(cents.income), fixedCents: sum(cents.fixed), variableCents: sum(cents.variable), instalmentCents: sum(cents.instalments) };
  const found = budget(sums);
  return {
    state: found.state,
    saying: sayings[found.state](found),
    results: {
      income: euros(sums.incomeCents), fixed: euros(sums.fixedCents), variable: euros(sums.variableCents), instalments: euros(sums.instalmentCents),
      before: euros(found.beforeCents), left: euros(found.leftCents), weight: percent(found.weightTenths),
    },
  };
});
