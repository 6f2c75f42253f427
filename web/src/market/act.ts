import { community } from '../community.svelte';
import { coins } from '../format/money';
import { kilowattHours } from '../format/energy';
import type { Hex } from '../proof/bytes';
import { signing, type Done } from '../signing';
import { language } from '../text/language.svelte';
import { marketText, type Text } from '../text/market';
import { callOf, type MarketDeed } from './deeds';
import { coinDecimals, decimalsOf } from './figures';

/** Figures that belong to a deed and are not in it: what it comes to, with whom. */
export type Extra = Partial<Record<keyof Text['facts'], string>>;

/** What a deed does, for the reader to decide on. */
export function wordsOf(
  deed: MarketDeed,
  extra: Extra,
  text: Text,
  names: { coin: (wei: bigint) => string; energy: (mwh: bigint) => string; time: (at: Date) => string },
): { title: string; words: string; facts: { name: string; value: string }[] } {
  const figures: Extra = { ...extra };
  if ('energy' in deed) figures.energy = names.energy(deed.energy);
  if ('price' in deed) figures.price = text.perKilowattHour(names.coin(deed.price));
  if ('most' in deed) figures.most = names.coin(deed.most);
  if ('until' in deed) figures.until = names.time(new Date(Number(deed.until) * 1000));
  if ('seller' in deed) figures.seller = deed.seller;
  const order = Object.keys(text.facts) as (keyof Text['facts'])[];
  const facts = order.flatMap((name) =>
    figures[name] === undefined ? [] : [{ name: text.facts[name], value: figures[name] }],
  );
  const { title, words } = text.deeds[deed.does];
  return { title, words, facts };
}

export const coinText = (wei: bigint | string) =>
  coins(wei, coinDecimals(wei), language.locale, language.text.parts.coin);
export const energyText = (mwh: bigint | string) => kilowattHours(mwh, decimalsOf(mwh), language.locale);

/** Shows what a deed does and has the reader sign it; null when it was not done, or this ledger has no market. */
export function act(deed: MarketDeed, extra: Extra = {}): Promise<Done | null> {
  const { contract, data } = callOf(deed);
  const to = community.info?.contracts[contract] ?? null;
  if (to === null) return Promise.resolve(null);
  const words = wordsOf(deed, extra, marketText[language.id], {
    coin: coinText,
    energy: energyText,
    time: (at) => community.clock.full(at),
  });
  return signing.propose({ ...words, to: to as Hex, data });
}
