import * as channels from 'virtual:contract/Channels';
import { concat, fromHex, toHex, type Hex } from '../proof/bytes';
import { encodeCall } from '../proof/abi';

/** What a channel's id is the hash of. */
export interface Terms {
  payer: Hex;
  payee: Hex;
  signer: Hex;
  /** Wei for a kWh. */
  price: bigint;
  /** Unix seconds. */
  opened: bigint;
}

/** What a person does with channels, in one transaction of their own. Amounts are wei, energies mWh, instants Unix seconds. */
export type ChannelDeed =
  | { does: 'open'; payee: Hex; signer: Hex; price: bigint; end: bigint; amount: bigint }
  | { does: 'topUp'; terms: Terms; amount: bigint }
  | { does: 'extend'; terms: Terms; end: bigint }
  | { does: 'reclaim'; terms: Terms }
  | { does: 'close'; terms: Terms; total: bigint; energy: bigint; signature: Hex }
  | { does: 'forgo'; terms: Terms }
  | { does: 'nameCloser'; closer: Hex; may: boolean };

/** The data of the call that carries a deed out. */
export function callOf(deed: ChannelDeed): Hex {
  switch (deed.does) {
    case 'open':
      return encodeCall(channels.open, [deed.payee, deed.signer, deed.price, deed.end, deed.amount]);
    case 'topUp':
      return encodeCall(channels.topUp, [deed.terms, deed.amount]);
    case 'extend':
      return encodeCall(channels.extend, [deed.terms, deed.end]);
    case 'reclaim':
      return encodeCall(channels.reclaim, [deed.terms]);
    case 'close': {
      const { r, vs } = shortForm(deed.signature);
      return encodeCall(channels.close, [deed.terms, deed.total, deed.energy, r, vs]);
    }
    case 'forgo':
      return encodeCall(channels.forgo, [deed.terms]);
    case 'nameCloser':
      return encodeCall(channels.nameCloser, [deed.closer, deed.may]);
  }
}

/** A signature of r, s and v in two words: the parity of v is the highest bit of the second (EIP-2098). */
export function shortForm(signature: Hex): { r: Hex; vs: Hex } {
  const bytes = fromHex(signature);
  if (bytes.length !== 65 || (bytes[64] !== 27 && bytes[64] !== 28)) throw new RangeError('not r, s and v');
  const s = bytes.slice(32, 64);
  if (bytes[64] === 28) s[0]! |= 0x80;
  return { r: toHex(bytes.slice(0, 32)), vs: toHex(concat(s)) };
}
