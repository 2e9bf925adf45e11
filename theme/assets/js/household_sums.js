// The sums of the two household tools: pure functions over whole cents, so that a test may call them one by one.
const LARGEST_CENTS = 1_000_000_00;

// The line of the rule of thumb, out of a hundred. Written in words on the pages, with its sources and what it is worth.
export const THRESHOLD_PERCENT = 30;

/**
 * The amount someone typed, in cents; 0 for an empty field, null where it cannot be read.
 * A point before three figures parts thousands, as Italians write: «1.250» is 1250 euros. Nobody pays here,
 * and the sum is shown at once, so this needs no question. «1'000» and «850,-» are plain enough; a comma before
 * three figures is English for thousands and Italian for a slip, so it is refused.
 */
export function centsOf(typed) {
  const cents = anyCentsOf(typed);
  return cents !== null && cents > LARGEST_CENTS ? null : cents;
}

function anyCentsOf(typed) {
  const text = typed.replace(/€|euro/gi, "").replace(/\s/g, "").replace(/(\d)['’](?=\d{3}(?!\d))/g, "$1").replace(/[,.][-–—]+$/, "");
  if (!text) return 0;
  const read = /^(\d+|[1-9]\d{0,2}(?:\.\d{3})+)(?:,(\d{1,2}))?$/.exec(text) ?? /^(\d+)\.(\d{1,2})$/.exec(text);
  if (!read) return null;
  return Number(read[1].replaceAll(".", "")) * 100 + Number((read[2] ?? "").padEnd(2, "0"));
}

/** Why *typed* is no amount a sheet can count with, and how to write it. */
export function faultOf(typed) {
  const positive = typed.replace(/^[-–−]\s*/, "");
  if (positive !== typed && centsOf(positive)) return `«${typed}» è sotto zero. Scrivilo senza il segno: ${positive}`;
  if (anyCentsOf(typed)) return `«${typed}» è più di un milione: forse c'è uno zero di troppo.`;
  return `«${typed}» non si capisce. Scrivilo così: ${asItaliansWrite(typed)}`;
}

// The same amount, where its points and commas are the English way round.
const asItaliansWrite = (typed) =>
  /^\d{1,3}(,\d{3})+(\.\d{1,2})?$/.test(typed) ? typed.replace(/[.,]/g, (mark) => (mark === "," ? "." : ",")) : "1.250,50";

export const sum = (amounts) => amounts.reduce((total, cents) => total + cents, 0);

/**
 * How many tenths of a percent *part* is of *whole*, to the nearest; null where there is no whole.
 * A hair over the line is shown over it, so that the number and what is said of it agree.
 */
export function tenthsOfPercent(part, whole) {
  if (whole <= 0) return null;
  const tenths = Math.round((part * 1000) / whole);
  return isOverLine(part, whole) ? Math.max(tenths, THRESHOLD_PERCENT * 10 + 1) : tenths;
}

const isOverLine = (part, whole) => part * 100 > whole * THRESHOLD_PERCENT;

/**
 * The household budget of a month. What is left is income − fixed − variable − instalments; the weight of
 * instalments is instalments × 100 : income. *state* says which advice fits: what is short is said first, and without spending that
 * varies there is no good news, since everybody eats.
 */
export function budget({ incomeCents, fixedCents, variableCents, instalmentCents }) {
  const beforeCents = incomeCents - fixedCents - variableCents;
  const leftCents = beforeCents - instalmentCents;
  return {
    beforeCents,
    leftCents,
    weightTenths: tenthsOfPercent(instalmentCents, incomeCents),
    state: budgetState({ incomeCents, fixedCents, variableCents, instalmentCents }, leftCents),
  };
}

function budgetState({ incomeCents, fixedCents, variableCents, instalmentCents }, leftCents) {
  if (!incomeCents) return "no-income";
  if (!(fixedCents || variableCents || instalmentCents)) return "no-spending";
  if (leftCents < 0) return "short";
  if (!leftCents) return "nothing-left";
  if (!variableCents) return "no-variable";
  return isOverLine(instalmentCents, incomeCents) ? "heavy" : "even";
}

/**
 * What a rented home weighs in a month: (rent + condominium + utilities) × 100 : net income, against the rule of
 * thumb that it should stay within 30 %. *rentWithinCents* is the highest rent that would, all else as it is.
 */
export function rent({ incomeCents, rentCents, condominiumCents, utilityCents }) {
  const homeCents = rentCents + condominiumCents + utilityCents;
  const lineCents = Math.floor((incomeCents * THRESHOLD_PERCENT) / 100);
  return {
    homeCents,
    lineCents,
    weightTenths: tenthsOfPercent(homeCents, incomeCents),
    leftCents: incomeCents - homeCents,
    rentWithinCents: Math.max(0, lineCents - condominiumCents - utilityCents),
    state: rentState({ incomeCents, rentCents, utilityCents }, homeCents),
  };
}

function rentState({ incomeCents, rentCents, utilityCents }, homeCents) {
  if (!incomeCents) return "no-income";
  if (!homeCents) return "no-home";
  if (homeCents > incomeCents) return "short";
  if (homeCents === incomeCents) return "nothing-left";
  if (isOverLine(homeCents, incomeCents)) return "heavy";
  // Good news would not be true any more once the bills and the rent are written in; a condominium not every home has.
  if (!utilityCents) return "no-utilities";
  return rentCents ? "even" : "no-rent";
}
