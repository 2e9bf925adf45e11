// Search as one types. Needs an element with data-search (partials/search_form.html) and the index in pagefind/,
// of which nothing is loaded before the field is used. What is typed is kept with the page, for who comes back or reloads,
// and never in its address: that stays in the history, and goes to the host with every request.
import { isEmpty, otherWords, rings, spelled, words } from "./search_words.js";

const root = document.querySelector("[data-search]");
const [status, nothing, list, more] = ["status", "nothing", "results", "more"].map((name) => root.querySelector(`[data-search-${name}]`));
const form = root.querySelector("form");
const [field, , easy] = form.elements;
const synonyms = JSON.parse(root.dataset.synonyms);
const towns = new Map(Object.entries(JSON.parse(root.dataset.towns)));
const AT_ONCE = 10;
const ENOUGH = 5;

let index;
let asked = 0;

// Pagefind's worker answers under headers of its own, where WebAssembly may be refused: it stays in this page.
// A large site has more parts of the index than the first: 2/, 3/…
const script = new URL(root.dataset.index, location.href);
const load = () => index ??= import(script).then(async (pagefind) => {
  const options = { excerptLength: 24 };
  await pagefind.options({ noWorker: true, ...options });
  await pagefind.init();
  await Promise.all(pagefind.parts.it.map((part) => pagefind.mergeIndex(new URL(part, script).href, options)));
  return pagefind;
});

const byScore = (one, other) => other.score - one.score;

// All the words together, and what our pages call them; each word alone only where little was found.
// A page counts by its weight too (search.py): needs before what is told of them. For who types only
// a town, the page of its municipality is sought too, by its title between quotes, and comes first or second: after a place.
// «Pero» alone would be every «per»: it is sought as «a Pero».
async function find(query) {
  const pagefind = await load();
  const filters = easy.checked ? { reading: "easy" } : { none: { reading: "easy" } };
  const sought = words(query);
  const also = otherWords(sought, synonyms);
  const hall = towns.get(sought.join(" "));
  const best = new Map();
  const add = async (text, share) => {
    const { results } = await pagefind.search(text, { filters });
    const hits = results.map((result) => ({ result, score: result.score * share * (pagefind.weights[result.id] ?? 1) }))
      .sort(byScore);
    if (!hits.length || !rings(await hits[0].result.data(), words(text))) return;
    for (const hit of hits) if (!(best.get(hit.result.id)?.score >= hit.score)) best.set(hit.result.id, hit);
    return hits[0].result.id;
  };
  const first = hall && await add(`"${hall}"`, 1);
  const texts = hall && isEmpty(sought[0]) ? [`"a ${sought[0]}"`] : [query, ...also].map((text) => words(text).join(" "));
  for (const text of texts) await add(text, 1);
  if (best.size < ENOUGH && sought.length > 1) for (const word of sought) await add(word, 0.2);
  const results = [...best.values()].sort(byScore).map(({ result }) => result);
  const place = results.findIndex(({ id }) => id === first);
  if (place > 1) results.splice(1, 0, ...results.splice(place, 1));
  return { also, results };
}

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

// Pagefind gives text with <mark> around the words, and «<» and «>» escaped.
function excerpt(html) {
  const text = (part) => part.replace(/&lt;/g, "<").replace(/&gt;/g, ">");
  return html.split(/<\/?mark>/).map((part, place) => (place % 2 ? element("mark", "", text(part)) : text(part)));
}

// Only what is shown is fetched: a page of results at a time, taken away from those still to come.
const next = (results) => Promise.all(results.splice(0, AT_ONCE).map((result) => result.data()));

function show(pages, results) {
  const before = list.children.length;
  list.append(...pages.map((found) => {
    const link = element("a", "pt-results__link", found.meta.title);
    link.href = found.url;
    return element("li", "pt-results__item", link, element("span", "pt-flag pt-flag--quiet", found.meta.kind),
      element("p", "pt-results__text", ...excerpt(found.excerpt)));
  }));
  more.hidden = !results.length;
  more.onclick = async () => show(await next(results), results);
  if (before) list.children[before].querySelector("a").focus();
}

const keep = () => history.replaceState({ q: field.value, facile: easy.checked }, "", location.pathname + location.hash);

async function search() {
  const query = field.value.trim();
  const turn = ++asked;
  keep();
  if (!query) return clear();
  try {
    const said = await find(query);
    // Where there is nothing, what was meant may be there: a word of the synonyms, a town or a need.
    const meant = !said.results.length && spelled(query, `${Object.entries(synonyms)} ${[...towns.keys()]} ${nothing.lastElementChild.textContent}`);
    const { also, results } = meant ? await find(meant) : said;
    const total = results.length;
    const first = await next(results);
    if (turn !== asked) return;
    clear();
    show(first, results);
    const count = total === 1 ? "Un risultato" : total ? `${total} risultati` : "Nessun risultato";
    status.textContent = total && meant ? `Nessun risultato per «${query}»: ecco quelli per «${meant}».`
      : `${count} per «${query}»${also.length ? `, cercando anche «${also.join("», «")}»` : ""}.`;
    nothing.hidden = total;
  } catch {
    index = undefined;
    status.textContent = root.dataset.failed;
  }
}

function clear() {
  status.textContent = "";
  list.replaceChildren();
  nothing.hidden = more.hidden = true;
}

function move(event) {
  const stops = [field, ...list.querySelectorAll("a")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const here = stops.indexOf(document.activeElement);
  if (event.key === "Escape") {
    field.value = "";
    field.focus();
    search();
  } else if (step && here >= 0 && stops[here + step]) {
    stops[here + step].focus();
  } else return;
  event.preventDefault();
}

let pause;
field.addEventListener("focus", () => load().catch(() => { index = undefined; }));
field.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(search, 200); });
easy.addEventListener("change", search);
form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(pause); search(); });
root.addEventListener("keydown", move);
addEventListener("hashchange", keep);

const given = new URLSearchParams(location.search);
const kept = history.state ?? { q: given.get("q") ?? "", facile: given.has("facile") };
field.value = kept.q;
easy.checked = kept.facile;
root.hidden = false;
if (field.value || location.search) search();
