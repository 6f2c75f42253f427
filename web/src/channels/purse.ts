import { addressOf, keyFromHex } from '../keys/account';
import { sameHex } from '../format/hex';
import { toHex, type Hex } from '../proof/bytes';
import type { Voucher } from './voucher';

/** What this browser keeps of a channel that it pays for. */
export interface Kept {
  /** Wei: what the reader allows in all, since the opening. */
  limit: bigint;
  /** The highest voucher that was signed; null while there is none. */
  signed: Voucher | null;
}

/** What is kept cannot be read: to sign on could promise more than the reader allowed. */
export class PurseDamaged extends Error {}

const keyName = (payer: string) => `busbar.channels.key.${payer.toLowerCase()}`;
const keptName = (channel: string) => `busbar.channel.${channel.toLowerCase()}`;

/**
 * The keys that answer blocks, and what was signed with them: in this browser alone. Such a key can spend what is locked in the channels
 * that name it, and nothing else; when it is lost, what is locked comes back when the channel is over.
 */
export class Purse {
  constructor(private readonly storage: Storage = localStorage) {}

  /** The key that signs for a payer's channels; null when this browser has none. */
  keyOf(payer: string): Uint8Array | null {
    const text = this.storage.getItem(keyName(payer));
    return text === null ? null : keyFromHex(text);
  }

  /** The same, made where there is none. It is kept before any channel can name it. */
  signerFor(payer: string): Hex {
    let key = this.keyOf(payer);
    while (key === null) {
      const made = toHex(crypto.getRandomValues(new Uint8Array(32)));
      key = keyFromHex(made);
      if (key !== null) this.storage.setItem(keyName(payer), made);
    }
    return addressOf(key);
  }

  /** The key of a channel's signer, when it is in this browser. */
  keyFor(channel: { payer: string; signer: string }): Uint8Array | null {
    const key = this.keyOf(channel.payer);
    return key !== null && sameHex(addressOf(key), channel.signer) ? key : null;
  }

  /** What is kept of a channel; null when the reader has allowed nothing yet. */
  read(channel: Hex): Kept | null {
    const text = this.storage.getItem(keptName(channel));
    if (text === null) return null;
    try {
      const { limit, total, energy } = JSON.parse(text) as Record<string, unknown>;
      const isSigned = total !== undefined || energy !== undefined;
      const signed = isSigned ? { channel, total: whole(total), energy: whole(energy) } : null;
      return { limit: whole(limit), signed };
    } catch {
      throw new PurseDamaged(channel);
    }
  }

  /** Allows so much in all. What was signed stays. */
  allow(channel: Hex, limit: bigint): void {
    this.write(channel, { limit, signed: this.read(channel)?.signed ?? null });
  }

  /** Keeps a voucher, which is to leave only then. Neither number ever falls. */
  keep(voucher: Voucher): void {
    const kept = this.read(voucher.channel);
    if (kept === null || voucher.total > kept.limit) throw new RangeError('above what was allowed');
    const { signed } = kept;
    if (signed !== null && (voucher.total < signed.total || voucher.energy < signed.energy)) {
      throw new RangeError('below what was signed');
    }
    this.write(voucher.channel, { ...kept, signed: voucher });
  }

  private write(channel: Hex, { limit, signed }: Kept): void {
    const of = signed === null ? {} : { total: signed.total.toString(), energy: signed.energy.toString() };
    this.storage.setItem(keptName(channel), JSON.stringify({ limit: limit.toString(), ...of }));
  }
}

function whole(text: unknown): bigint {
  if (typeof text !== 'string' || !/^[0-9]{1,40}$/.test(text)) throw new RangeError();
  return BigInt(text);
}
