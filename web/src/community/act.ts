import { community } from '../community.svelte';
import type { Hex } from '../proof/bytes';
import { signing, type Done } from '../signing';
import { communityText } from '../text/community';
import { language } from '../text/language.svelte';
import { callOf, type Deed } from './deeds';
import { wordsOf } from './words';

/** Shows what a deed does and has the reader sign it; null when it was not done. */
export function act(deed: Deed): Promise<Done | null> {
  const { contract, data } = callOf(deed);
  const info = community.info;
  if (info === null) return Promise.resolve(null);
  const names = {
    date: (at: Date) => community.clock.date(at),
    microgrid: (id: number) => info.microgrids.find((grid) => grid.id === id)?.name ?? String(id),
  };
  const { title, words, facts } = wordsOf(deed, communityText[language.id], names);
  return signing.propose({ title, words, facts, to: info.contracts[contract] as Hex, data });
}
