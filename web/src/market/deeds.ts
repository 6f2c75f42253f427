import * as board from 'virtual:contract/Board';
import * as demands from 'virtual:contract/Demands';
import { encodeCall } from '../proof/abi';
import type { Hex } from '../proof/bytes';

/** What a person does in the market, in one transaction of their own. Energies are mWh, prices wei a kWh, instants Unix seconds. */
export type MarketDeed =
  | { does: 'buy'; words: readonly Hex[]; energy: bigint; most: bigint }
  | { does: 'advertise'; microgrid: number; energy: bigint; price: bigint }
  | { does: 'closeAdvert'; words: readonly Hex[] }
  | { does: 'demand'; microgrid: number; energy: bigint; price: bigint; until: bigint; firstCome: boolean }
  | { does: 'closeDemand'; words: readonly Hex[] }
  | { does: 'offer'; words: readonly Hex[]; direct: boolean }
  | { does: 'withdrawOffer'; words: readonly Hex[]; seller: Hex }
  | { does: 'accept'; words: readonly Hex[]; seller: Hex }
  | { does: 'draw'; microgrid: number; energy: bigint }
  | { does: 'expire'; words: readonly Hex[] };

export interface MarketCall {
  contract: 'board' | 'demands';
  data: Hex;
}

/** The call that carries a deed out. */
export function callOf(deed: MarketDeed): MarketCall {
  const onBoard = (data: Hex): MarketCall => ({ contract: 'board', data });
  const onDemands = (data: Hex): MarketCall => ({ contract: 'demands', data });
  switch (deed.does) {
    case 'buy':
      return onBoard(encodeCall(board.buy, [deed.words, deed.energy, deed.most]));
    case 'advertise':
      return onBoard(encodeCall(board.advertise, [deed.microgrid, deed.energy, deed.price]));
    case 'closeAdvert':
      return onBoard(encodeCall(board.closeAdvert, [deed.words]));
    case 'draw':
      return onBoard(encodeCall(board.draw, [deed.microgrid, deed.energy]));
    case 'expire':
      return onBoard(encodeCall(board.expire, [deed.words]));
    case 'demand':
      return onDemands(
        encodeCall(demands.demand, [deed.microgrid, deed.energy, deed.price, deed.until, deed.firstCome]),
      );
    case 'closeDemand':
      return onDemands(encodeCall(demands.closeDemand, [deed.words]));
    case 'offer':
      return onDemands(encodeCall(demands.offerToSell, [deed.words, deed.direct]));
    case 'withdrawOffer':
      return onDemands(encodeCall(demands.withdrawOffer, [deed.words, deed.seller]));
    case 'accept':
      return onDemands(encodeCall(demands.accept, [deed.words, deed.seller]));
  }
}
