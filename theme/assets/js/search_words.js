// What people mean by the words they type: which of them tell something, what else our pages may call it, how it is spelled.
const EMPTY = new Set("a ad al alla alle ai agli allo che chi ci come con cosa da dal dalla de dei del della delle di dove e ed gli ho i il in io la le lo mi mia mio nei nel nella non o per piu qual quale se si sono su sul sulla ti tra un una uno vorrei".split(" "));
const LONG = 5;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const all = (text) => plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];

// «Dell'affitto e l’associazione» → affitto associazione.
export function words(query) {
  const typed = all(plain(query).replace(/(^|[^\p{L}])\p{L}{1,5}['’`´](?=\p{L})/gu, "$1"));
  const telling = typed.filter((word) => !EMPTY.has(word));
  return telling.length ? telling : typed;
}

// «Gioco» and «giochi» are «gioc», «figlio» and «figlie» «figl»; «soldi» is not «sola».
const root = (word) => word.replace(/[hi]?[aeiou]$/, "");

// Every other way our pages may say the same. «Bollette» is «bolletta»: only the endings differ.
export function otherWords(sought, known) {
  const roots = new Set(sought.map(root));
  return [...new Set(Object.keys(known).filter((key) => roots.has(root(key))).flatMap((key) => known[key]))];
}

// Where a word is nowhere, Pagefind answers with the longest beginning it knows, as «non» for «nonno»: worse than nothing.
export const rings = (found, sought) => {
  const marked = all(`${found.meta.title} ${found.excerpt}`);
  return sought.some((word) => marked.some((other) => other.startsWith(word.slice(0, Math.max(Math.min(4, word.length - 1), word.length - 3)))));
};

// To the index, which knows no endings, «Pero» is «per».
export const isEmpty = (word) => EMPTY.has(root(word));

// One letter too many, one missing, another one, or two that changed places.
function near(one, other) {
  let same = 0;
  while (one[same] && one[same] === other[same]) same++;
  const after = (word, count) => word.slice(same + count);
  return after(one, 1) === after(other, 1) || after(one, 1) === after(other, 0) || after(one, 0) === after(other, 1)
    || (one[same] === other[same + 1] && one[same + 1] === other[same] && after(one, 2) === after(other, 2));
}

// «Le bolette» → bollette: each long word as a known one is spelled, with the ending that was typed. Nothing where none is.
export function spelled(query, known) {
  const right = all(known).filter((word) => word.length >= LONG);
  const typed = words(query);
  const meant = typed.map((word) => {
    const one = word.length >= LONG && right.find((other) => near(root(word), root(other)));
    return one ? root(one) + (word.slice(root(word).length) || one.slice(root(one).length)) : word;
  });
  return meant.join() === typed.join() ? "" : meant.join(" ");
}
