import type { Hex } from '../proof/bytes';
import type { Voucher } from './voucher';

/** A channel as the ledger has it. */
export interface OpenChannel {
  id: Hex;
  /** Wei for a kWh. */
  price: bigint;
  /** Wei. */
  locked: bigint;
  /** Unix seconds: up to then, and not later, the ledger takes a closing. */
  lastClosing: bigint;
}

/** What a payee asks to be paid for, and what the payer knows of it. */
export interface Asked {
  /** mWh since the opening, as the payee says. */
  energy: bigint;
  /** mWh since the opening, as the payer's own meter counted. */
  delivered: bigint;
  /** Unix seconds. */
  now: bigint;
}

/** Why nothing is signed. */
export type PayerRefusal =
  | { kind: 'notDelivered'; asked: bigint; delivered: bigint }
  | { kind: 'aboveLimit'; total: bigint; limit: bigint }
  | { kind: 'aboveLocked'; total: bigint; locked: bigint }
  | { kind: 'tooLate'; lastClosing: bigint };

/** A block of 10 Wh, in mWh. */
export const defaultBlock = 10_000n;

const milliwattHoursPerKilowattHour = 1_000_000n;

/** What so much energy costs, rounded down to a whole wei: who pays gains, less than one wei. */
export function costOf(price: bigint, energy: bigint): bigint {
  return (price * energy) / milliwattHoursPerKilowattHour;
}

/**
 * The voucher to sign for what a payee asks, or why none: never for more than the payer's own meter counted and one block, never above what
 * is locked, never above the limit that the person set, and never less than what was signed before.
 *
 * @param signed The highest voucher signed before, null for none. Keep the new one before it leaves: a page that forgot it would count the
 * limit anew.
 */
export function nextVoucher(
  channel: OpenChannel,
  asked: Asked,
  signed: Voucher | null,
  limit: bigint,
  block = defaultBlock,
): { voucher: Voucher } | { refusal: PayerRefusal } {
  if (asked.energy < 0n) throw new RangeError('energy is not negative');
  if (asked.now > channel.lastClosing) return { refusal: { kind: 'tooLate', lastClosing: channel.lastClosing } };
  // What was promised stands: who asks for less has missed the answer.
  if (signed !== null && asked.energy <= signed.energy) return { voucher: signed };
  if (asked.energy - asked.delivered > block) {
    return { refusal: { kind: 'notDelivered', asked: asked.energy, delivered: asked.delivered } };
  }
  const cost = costOf(channel.price, asked.energy);
  const total = signed !== null && signed.total > cost ? signed.total : cost;
  if (total > channel.locked) return { refusal: { kind: 'aboveLocked', total, locked: channel.locked } };
  if (total > limit) return { refusal: { kind: 'aboveLimit', total, limit } };
  return { voucher: { channel: channel.id, total, energy: asked.energy } };
}
