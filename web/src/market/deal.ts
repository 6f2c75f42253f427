import type { Advert, Demand, Offer, Trade } from '../api/screens';

/** What the reader is about to do: which window is open. */
export type Deal =
  | { kind: 'buy'; advert: Advert }
  | { kind: 'sell' }
  | { kind: 'request' }
  | { kind: 'draw' }
  | { kind: 'deposit' }
  | { kind: 'offer'; demand: Demand }
  | { kind: 'accept'; demand: Demand; offer: Offer }
  | { kind: 'closeAdvert'; advert: Advert }
  | { kind: 'closeDemand'; demand: Demand }
  | { kind: 'withdraw'; demand: Demand; seller: string }
  | { kind: 'expire'; trade: Trade };

export type Dealing = (deal: Deal) => void;
