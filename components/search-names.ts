import uFuzzy from '@leeoniya/ufuzzy';

/** One hit: where it stood in the list, and which parts of it matched (pairs of start and end). */
export type Hit = { readonly index: number; readonly ranges: readonly number[] };

// Letters of any script, as the library's own page gives them; the default knows a to z only.
const fuzzy = new uFuzzy({
  unicode: true,
  interSplit: "[^\\p{L}\\d']+",
  intraSplit: '\\p{Ll}\\p{Lu}',
  intraBound: '\\p{L}\\d|\\d\\p{L}|\\p{Ll}\\p{Lu}',
  intraChars: "[\\p{L}\\d']",
  intraContr: "'\\p{L}{1,2}\\b",
  intraMode: 1,
});

/** Finds `query` among names, best first. Words in any order, accents optional, one slip of the fingers forgiven. */
export function searchNames(names: readonly string[], query: string): readonly Hit[] {
  const wanted = query.trim();
  if (wanted === '') return names.map((_, index) => ({ index, ranges: [] }));
  const [indexes, info, order] = fuzzy.search(uFuzzy.latinize([...names]), uFuzzy.latinize(wanted), 4);
  if (!indexes) return [];
  if (!info || !order) return indexes.map((index) => ({ index, ranges: [] }));
  return order.flatMap((at) => {
    const index = info.idx[at];
    return index === undefined ? [] : [{ index, ranges: info.ranges[at] ?? [] }];
  });
}
