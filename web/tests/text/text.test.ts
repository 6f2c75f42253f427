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

describe('Hindi', () => {
  const [english, hindi] = [leaves(en), leaves(hi)];
  const filled = (text: string | undefined) => [...(text?.matchAll(/⟨\d⟩/g) ?? [])].map(String).sort();

  it('says everything that English says', () => {
    expect([...hindi.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it.each([...english].filter(([, text]) => text.includes('⟨')))('fills the same places: %s', (path, text) => {
    expect(filled(hindi.get(path))).toEqual(filled(text));
  });
});
