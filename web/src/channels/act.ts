import { community } from '../community.svelte';
import { coinText, energyText } from '../market/act';
import type { Hex } from '../proof/bytes';
import { signing, type Done } from '../signing';
import { channelsText, type Text } from '../text/channels';
import { language } from '../text/language.svelte';
import { marketText } from '../text/market';
import { callOf, type ChannelDeed } from './deeds';
import { energyFor } from './standing';

/** The figures of a deed, each by name, in the order in which they are read. */
export function factsOf(
  deed: ChannelDeed,
  text: Text,
  names: {
    coin: (wei: bigint) => string;
    energy: (mwh: bigint) => string;
    price: (wei: bigint) => string;
    time: (at: bigint) => string;
  },
): { name: string; value: string }[] {
  const fact = (name: keyof Text['facts'], value: string) => ({ name: text.facts[name], value });
  switch (deed.does) {
    case 'open':
      return [
        fact('payee', deed.payee),
        fact('price', names.price(deed.price)),
        fact('amount', names.coin(deed.amount)),
        fact('energy', names.energy(energyFor(deed.price, deed.amount))),
        fact('end', names.time(deed.end)),
        fact('signer', deed.signer),
      ];
    case 'topUp':
      return [fact('payee', deed.terms.payee), fact('more', names.coin(deed.amount))];
    case 'extend':
      return [fact('payee', deed.terms.payee), fact('end', names.time(deed.end))];
    case 'close':
      return [
        fact('payer', deed.terms.payer),
        fact('paid', names.coin(deed.total)),
        fact('delivered', names.energy(deed.energy)),
      ];
    case 'reclaim':
      return [fact('payee', deed.terms.payee)];
    case 'forgo':
      return [fact('payer', deed.terms.payer)];
    case 'nameCloser':
      return [fact('closer', deed.closer)];
  }
}

/** Shows what a deed does and has the reader sign it; null when it was not done, or this ledger has no channels. */
export function act(deed: ChannelDeed): Promise<Done | null> {
  const to = community.info?.contracts.channels ?? null;
  if (to === null) return Promise.resolve(null);
  const text = channelsText[language.id];
  const facts = factsOf(deed, text, {
    coin: coinText,
    energy: energyText,
    price: (wei) => marketText[language.id].perKilowattHour(coinText(wei)),
    time: (at) => community.clock.full(new Date(Number(at) * 1000)),
  });
  return signing.propose({ ...text.deeds[deed.does], facts, to: to as Hex, data: callOf(deed) });
}
