import type { Advert, Demand, Market, Trade, Trader } from '../api/screens';
import { sameHex } from '../format/hex';

/** The share of the tax, in basis points, on the next energy that somebody buys after so much of a day. */
export function nextTax(terms: Market['terms'], boughtToday: string): number {
  const bought = BigInt(boughtToday);
  return terms.tax.find(({ untilMwh }) => untilMwh === null || bought < BigInt(untilMwh))?.share ?? 0;
}

/** Basis points as a share: 250 is `2.5 %`, not to be parted. */
export function shareText(basisPoints: number): string {
  return `${basisPoints / 100}\u00a0%`;
}

/** What somebody has free in a microgrid's store, in mWh. */
export function creditIn(trader: Trader | null, microgrid: number): bigint {
  return BigInt(trader?.credits.find((credit) => credit.microgrid === microgrid)?.freeMwh ?? '0');
}

/** The microgrids in whose stores somebody has something free, the fullest first. */
export function withCredit(trader: Trader | null): number[] {
  return (trader?.credits ?? [])
    .filter(({ freeMwh }) => BigInt(freeMwh) > 0n)
    .toSorted((a, b) => (BigInt(a.freeMwh) < BigInt(b.freeMwh) ? 1 : -1))
    .map(({ microgrid }) => microgrid);
}

export type Part = 'bought' | 'sold' | 'drawn' | 'other';

/** Which part the reader has in a trade. */
export function partIn(trade: Pick<Trade, 'kind' | 'seller' | 'buyer'>, address: string | null | undefined): Part {
  if (sameHex(trade.buyer, address)) return trade.kind === 'draw' ? 'drawn' : 'bought';
  return sameHex(trade.seller, address) ? 'sold' : 'other';
}

/** What of a delivery has flowed as the meters told last, or as the ledger has it where they told nothing. */
export function flowed(trade: Pick<Trade, 'live' | 'deliveredMwh'>): bigint {
  const settled = BigInt(trade.deliveredMwh);
  const told = BigInt(trade.live?.sink.energyMwh ?? '0');
  return told > settled ? told : settled;
}

/** Whether an advert is for sale at an instant: the list may be older than that. */
export function isOnSale(advert: Pick<Advert, 'state' | 'end'>, now: Date | null): boolean {
  return advert.state === 'live' && (now === null || Date.parse(advert.end) > now.getTime());
}

/** Whether a demand still waits. */
export function isWanted(demand: Pick<Demand, 'state' | 'end'>, now: Date | null): boolean {
  return demand.state === 'live' && (now === null || Date.parse(demand.end) > now.getTime());
}

/** The offer that somebody has made to a demand; undefined for none. */
export function ownOffer(demand: Pick<Demand, 'offers'>, address: string | null | undefined) {
  return demand.offers.find(({ seller }) => sameHex(seller, address));
}
