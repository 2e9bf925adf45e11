// Brings the figures of campaigns up to date from the totals the giving publishes, and says the new date.
// Needs elements with data-campaign holding data-progress parts (partials/progress.html).
// If the totals cannot be read, or are those of before the last build, its figures and date stay as they are.
const euros = (cents) =>
  new Intl.NumberFormat("it-IT", {
    style: "currency", currency: "EUR", minimumFractionDigits: cents % 100 ? 2 : 0, useGrouping: "always",
  }).format(cents / 100);
const day = (moment) => new Intl.DateTimeFormat("it-IT", { dateStyle: "long", timeZone: "Europe/Rome" }).format(new Date(moment));

function show(campaign, total, totals) {
  const part = (name) => campaign.querySelector(`[data-progress="${name}"]`);
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
    if (total && new Date(totals.as_of) > new Date(campaign.dataset.asOf || 0)) show(campaign, total, totals);
  }
}

const campaigns = document.querySelectorAll("[data-campaign]");
if (campaigns.length) update(campaigns).catch(() => {});
