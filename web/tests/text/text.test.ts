import { describe, expect, it } from 'vitest';
import { en } from '../../src/text/en';
import { hi } from '../../src/text/hi';

/** Every string and every sentence with a place to fill, by its path. */
function leaves(text: object, path = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(text) as [string, unknown][]) {
    const at = `${path}.${key}`;
    if (typeof value === 'string') all.set(at, value);
    else if (typeof value === 'function')
      all.set(at, String((value as (...values: unknown[]) => unknown)('⟨1⟩', '⟨2⟩', '⟨3⟩')));
    else if (typeof value === 'object' && value !== null) for (const [k, v] of leaves(value, at)) all.set(k, v);
  }
  return all;
}

const filled = (text: string | undefined) => [...(text?.matchAll(/⟨\d⟩/g) ?? [])].map(String).sort();

/** The words of the frame, and those that each screen keeps beside it. */
const screens = import.meta.glob<{ texts: Record<'en' | 'hi', object> }>('../../src/*/text.ts', { eager: true });
const all: [string, object, object][] = [
  ['frame', en, hi],
  ...Object.entries(screens).map(([path, { texts }]): [string, object, object] => [
    path.split('/').at(-2)!,
    texts.en,
    texts.hi,
  ]),
];

describe.each(all)('Hindi of %s', (_, inEnglish, inHindi) => {
  const [english, hindi] = [leaves(inEnglish), leaves(inHindi)];

  it('says everything that English says', () => {
    expect([...hindi.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('leaves nothing empty', () => {
    expect([...hindi].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('fills the same places', () => {
    for (const [path, text] of english)
      if (text.includes('⟨')) expect([path, filled(hindi.get(path))]).toEqual([path, filled(text)]);
  });
});
