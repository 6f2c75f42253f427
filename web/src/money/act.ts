import { places } from '../bills/amount';
import { community } from '../community.svelte';
import { decimalText } from '../community/decimal';
import type { Hex } from '../proof/bytes';
import { signing, type Done } from '../signing';
import { language } from '../text/language.svelte';
import { moneyText, type Text } from '../text/money';
import { callOf, type MoneyDeed } from './deeds';

export interface Names {
  coin: string;
  date: (at: Date) => string;
  microgrid: (id: number) => string;
  /** Premises by the name of their house. */
  house: (premises: string) => string;
}

/** Which words a deed has: what is set and what is taken back are told apart. */
function wordsIn(deed: MoneyDeed, text: Text): { title: string; words: string } {
  const deeds = text.deeds;
  switch (deed.does) {
    case 'setProtected':
      return deed.on ? deeds.protect : deeds.unprotect;
    case 'setPrepaid':
      return deed.on ? deeds.prepay : deeds.postpay;
    case 'declareEmergency':
      return deed.until === null ? deeds.endEmergency : deeds.emergency;
    default:
      return deeds[deed.does];
  }
}

/** What a deed does, for the reader to decide on. Amounts are exact. */
export function wordsOf(
  deed: MoneyDeed,
  text: Text,
  names: Names,
): { title: string; words: string; facts: { name: string; value: string }[] } {
  const f = text.facts;
  const amount = (wei: bigint) => `${decimalText(wei, places)} ${names.coin}`;
  const facts: { name: string; value: string }[] = [];
  if ('premises' in deed) {
    const house = names.house(deed.premises);
    if (house !== '') facts.push({ name: f.house, value: house });
    facts.push({ name: f.premises, value: deed.premises });
  }
  if (deed.does === 'answerDispute') {
    facts.push({ name: f.bill, value: String(deed.number) }, { name: f.credit, value: amount(deed.credit) });
    if (deed.reference.trim() !== '') facts.push({ name: f.reference, value: deed.reference.trim() });
  } else if (deed.does === 'declareEmergency') {
    facts.push({ name: f.where, value: deed.microgrid === 0 ? text.everywhere : names.microgrid(deed.microgrid) });
    if (deed.until !== null) facts.push({ name: f.until, value: names.date(deed.until) });
  } else if (deed.does === 'bookArrears') {
    const sum = deed.debts.reduce((sum, debt) => sum + debt.amount, 0n);
    facts.push({ name: f.debts, value: String(deed.debts.length) }, { name: f.sum, value: amount(sum) });
  } else if (deed.does === 'assignTariff') {
    facts.push({ name: f.tariff, value: String(deed.tariff) }, { name: f.from, value: names.date(deed.from) });
  } else if (deed.does === 'publishTariff') {
    facts.push({ name: f.tariff, value: deed.name });
  }
  return { ...wordsIn(deed, text), facts };
}

/** Shows what a deed does and has the reader sign it; null when it was not done, or this ledger has no money. */
export function act(deed: MoneyDeed): Promise<Done | null> {
  const info = community.info;
  const { contract, data } = callOf(deed);
  const to = info?.contracts[contract] ?? null;
  if (info === null || to === null) return Promise.resolve(null);
  const words = wordsOf(deed, moneyText[language.id], {
    coin: language.text.parts.coin,
    date: (at) => community.clock.full(at),
    microgrid: (id) => info.microgrids.find((grid) => grid.id === id)?.name ?? String(id),
    house: (premises) =>
      community.houses?.find((house) => house.premises.toLowerCase() === premises.toLowerCase())?.name ?? '',
  });
  return signing.propose({ ...words, to: to as Hex, data });
}
