import { describe, expect, it } from 'vitest';

type Texts = Record<'en' | 'hi', object>;

const modules = import.meta.glob<Record<string, Texts>>('../../src/text/*/index.ts', { eager: true });
const areas = Object.entries(modules).map(
  ([path, module]) => [path.split('/').at(-2)!, Object.values(module)[0]!] as const,
);

/** Every string and every sentence with a place to fill, by its path. */
function leaves(text: object, path = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(text) as [string, unknown][]) {
    const at = `${path}.${key}`;
    if (typeof value === 'string') all.set(at, value);
    else if (typeof value === 'function')
      all.set(at, String((value as (...values: unknown[]) => unknown)('⟨1⟩', '⟨2⟩', '⟨3⟩', '⟨4⟩')));
    else if (typeof value === 'object' && value !== null) for (const [k, v] of leaves(value, at)) all.set(k, v);
  }
  return all;
}

describe.each(areas)('The words of %s', (_, { en, hi }) => {
  const [english, hindi] = [leaves(en), leaves(hi)];
  const filled = (text: string | undefined) => [...new Set(text?.match(/⟨\d⟩/g))].sort();

  it('are all there in Hindi', () => {
    expect([...hindi.keys()].sort()).toEqual([...english.keys()].sort());
    expect(english.size).toBeGreaterThan(3);
  });

  it('fill the same places in Hindi', () => {
    for (const [path, text] of english) expect(filled(hindi.get(path)), path).toEqual(filled(text));
  });

  it('are not left in English', () => {
    const same = [...english].filter(([path, text]) => /[a-z]{4}/.test(text) && hindi.get(path) === text);
    expect(same).toEqual([]);
  });
});
