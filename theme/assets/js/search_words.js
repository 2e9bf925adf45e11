// What people mean by the words they type: which of them tell something, and what else our pages may call it.
const EMPTY = new Set("a ad al alla alle ai agli allo che chi ci come con cosa da dal dalla de dei del della delle di dove e ed gli ho i il in io la le lo mi mia mio nei nel nella non o per piu qual quale se si sono su sul sulla ti tra un una uno vorrei".split(" "));

export const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// «Dell'affitto e l’associazione» → affitto associazione.
export function words(query) {
  const all = plain(query).replace(/(^|[^\p{L}])\p{L}{1,5}['’`´](?=\p{L})/gu, "$1").match(/[\p{L}\p{N}]+/gu) ?? [];
  const telling = all.filter((word) => !EMPTY.has(word));
  return telling.length ? telling : all;
}

// Every other way our pages may say the same. «Bollette» is «bolletta»: only the endings differ.
export function otherWords(sought, known) {
  const same = (word, key) => word.startsWith(key.slice(0, -1)) && word.length <= key.length + 1;
  return [...new Set(Object.keys(known).filter((key) => sought.some((word) => same(word, key))).flatMap((key) => known[key]))];
}
