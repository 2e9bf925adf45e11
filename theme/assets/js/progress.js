// Brings the figures of campaigns up to date from the totals the giving publishes, and says the new date.
// Needs elements with data-campaign holding data-progress parts (partials/progress.html).
// If the totals cannot be read, or are those of before the last build, its figures and date stay as they are.
function italian() {
  // Made once: each of these takes a telephone longer than all the rest of this script.
  const money = { style: "currency", currency: "EUR", useGrouping: "always" };
  const whole = new Intl.NumberFormat("it-IT", { ...money, maximumFractionDigits: 0 });
  const exact = new Intl.NumberFormat("it-IT", money);
  const days = new Intl.DateTimeFormat("it-IT", { dateStyle: "long", timeZone: "Europe/Rome" });
  return {
    euros: (cents) => (cents % 100 ? exact : whole).format(cents / 100),
    day: (moment) => days.format(new Date(moment)),
  };
}

function show(campaign, total, totals, { euros, day }) {
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
  const isNewer = (campaign) => new Date(totals.as_of) > new Date(campaign.dataset.asOf || 0);
  const late = [...campaigns].filter((one) => totals.campaigns[one.dataset.campaign] && isNewer(one));
  if (!late.length) return;
  const words = italian();
  for (const campaign of late) show(campaign, totals.campaigns[campaign.dataset.campaign], totals, words);
}

const campaigns = document.querySelectorAll("[data-campaign]");
if (campaigns.length) update(campaigns).catch(() => {});
