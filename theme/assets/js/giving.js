// What helps on pages that ask for money or say how much there is: figures up to date, one amount at a time.
// One file for both, because a campaign's page has pictures to fetch besides.

// Brings the figures of campaigns up to date from the totals the giving publishes, and says the new date.
// Needs elements with data-campaign holding data-progress parts (partials/progress.html).
// If the totals cannot be read, or are those of before the last build, its figures and date stay as they are.
// By hand: the first use of Intl takes a cheap telephone an eighth of a second.
const MONTHS = "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split(" ");

function euros(cents) {
  const [whole, part] = (Math.abs(cents) / 100).toFixed(2).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ".");
  return `${cents < 0 ? "−" : ""}${grouped}${part === "00" ? "" : `,${part}`}\u00a0€`;
}

// The day as it is where the reader is.
function day(moment) {
  const date = new Date(moment);
  return `${date.getDate()} ${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
}

function show(campaign, total, totals) {
  const part = (name) => campaign.querySelector(`[data-progress="${name}"]`);
  part("waits")?.remove();
  part("sums").hidden = false;
  part("confirmed").textContent = euros(total.confirmed_cents);
  part("pending").textContent = euros(total.pending_cents);
  part("pending-line").hidden = !total.pending_cents;
  part("gifts").textContent = total.gifts;
  part("date").textContent = `aggiornato al ${day(totals.as_of)}`;
  part("test").hidden = totals.mode !== "test";
  const bar = campaign.querySelector("progress");
  if (bar) bar.value = Math.max(0, total.confirmed_cents);
}

async function update(campaigns) {
  const answer = await fetch("/api/totals.json", { credentials: "omit" });
  if (!answer.ok) return;
  const totals = await answer.json();
  for (const campaign of campaigns) {
    const total = totals.campaigns[campaign.dataset.campaign];
    const isNewer = new Date(totals.as_of) > new Date(campaign.dataset.asOf || 0);
    if (total && isNewer) show(campaign, total, totals);
  }
}

const campaigns = document.querySelectorAll("[data-campaign]");
if (campaigns.length) update(campaigns).catch(() => {});

// Lets go of a suggested amount as soon as another is typed, so that only one is sent.
// Needs inputs called `amount`: radio buttons and one to type in. Without it the giving asks which one counts.
for (const typed of document.querySelectorAll('input[name="amount"]:not([type="radio"])')) {
  const suggested = typed.form.querySelectorAll('input[name="amount"][type="radio"]');
  typed.addEventListener("input", () => {
    for (const radio of suggested) radio.checked = false;
  });
  for (const radio of suggested) radio.addEventListener("change", () => { typed.value = ""; });
}
