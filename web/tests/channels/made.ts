import type { Channel } from '../../src/channels/standing';
import { addressOf } from '../../src/keys/account';
import type { Hex } from '../../src/proof/bytes';

export const key = new Uint8Array(32).fill(7);
export const payer: Hex = `0x${'1a'.repeat(20)}`;
export const payee: Hex = `0x${'2b'.repeat(20)}`;
export const id: Hex = `0x${'cd'.repeat(32)}`;
export const place = { chainId: 35_303n, contract: `0x${'5e'.repeat(20)}` as Hex };
/** What a block of 10 Wh costs at the made channel's price. */
export const blockCost = 1_000n;

/** An open channel in which ten blocks are locked. */
export function channel(of: Partial<Channel> = {}): Channel {
  return {
    id,
    payer,
    payee,
    signer: addressOf(key),
    priceWei: '100000',
    opened: '2026-06-21T12:00:00Z',
    end: '2026-06-28T12:00:00Z',
    lastClosing: '2026-06-29T12:00:00Z',
    phase: 'open',
    lockedWei: '10000',
    voucherWei: null,
    voucherMwh: null,
    voucherSignature: null,
    mayFlowMwh: '10000',
    countedMwh: '0',
    flow: { phase: 'idle', arrivedMwh: '0', trouble: null },
    closesItself: true,
    trouble: null,
    ending: null,
    place: { transaction: `0x${'aa'.repeat(32)}`, at: '2026-06-21T12:00:00Z' } as Channel['place'],
    ...of,
  } as Channel;
}

/** What a browser keeps, as long as the test lasts. */
export class Memory implements Storage {
  readonly kept = new Map<string, string>();
  isFull = false;
  [name: string]: unknown;

  get length(): number {
    return this.kept.size;
  }

  clear(): void {
    this.kept.clear();
  }

  getItem(name: string): string | null {
    return this.kept.get(name) ?? null;
  }

  key(index: number): string | null {
    return [...this.kept.keys()][index] ?? null;
  }

  removeItem(name: string): void {
    this.kept.delete(name);
  }

  setItem(name: string, value: string): void {
    if (this.isFull) throw new DOMException('full', 'QuotaExceededError');
    this.kept.set(name, value);
  }
}
