import { community } from '../community.svelte';
import { decimalText } from '../community/decimal';
import type { Hex } from '../proof/bytes';
import { signing, type Done } from '../signing';
import { billsText, type Text } from '../text/bills';
import { language } from '../text/language.svelte';
import { places } from './amount';
import { callOf, type BillDeed } from './deeds';

/** What a deed does, for the reader to decide on. Amounts are exact. */
export function wordsOf(
  deed: BillDeed,
  text: Text,
  coin: string,
): { title: string; words: string; facts: { name: string; value: string }[] } {
  const { facts: names } = text;
  const facts = [];
  if ('amount' in deed) facts.push({ name: names.amount, value: `${decimalText(deed.amount, places)} ${coin}` });
  if ('premises' in deed) facts.push({ name: names.premises, value: deed.premises });
  if ('number' in deed) facts.push({ name: names.bill, value: String(deed.number) });
  return { ...text.deeds[deed.does], facts };
}

/** Shows what a deed does and has the reader sign it; null when it was not done, or this ledger has no money. */
export function act(deed: BillDeed): Promise<Done | null> {
  const { contract, data, value } = callOf(deed);
  const to = community.info?.contracts[contract] ?? null;
  if (to === null) return Promise.resolve(null);
  const words = wordsOf(deed, billsText[language.id], language.text.parts.coin);
  return signing.propose({ ...words, to: to as Hex, data, value });
}
