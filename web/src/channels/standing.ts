import type { ChannelPage, ChannelRow } from '../api/screens';
import { sameHex } from '../format/hex';
import type { Hex } from '../proof/bytes';
import type { Terms } from './deeds';
import type { OpenChannel } from './payer';

/** A channel as the node has it. */
export type Channel = ChannelRow;

/** A part of a list of channels. */
export type Channels = ChannelPage;

export type Part = 'payer' | 'payee' | 'other';

/** Which part somebody has in a channel. */
export function partOf(channel: Pick<Channel, 'payer' | 'payee'>, address: string | null | undefined): Part {
  if (sameHex(channel.payer, address)) return 'payer';
  return sameHex(channel.payee, address) ? 'payee' : 'other';
}

/** `ended`: nothing flows and the payee can close; `late`: nobody can close any more, and the payer can take everything back. */
export type Stage = 'open' | 'ended' | 'late' | 'closed' | 'reclaimed';

export function stageOf(channel: Pick<Channel, 'phase' | 'end' | 'lastClosing'>, now: Date | null): Stage {
  if (channel.phase !== 'open') return channel.phase;
  const at = now?.getTime() ?? 0;
  if (at >= Date.parse(channel.lastClosing) + 1000) return 'late';
  return at >= Date.parse(channel.end) ? 'ended' : 'open';
}

export const unixSeconds = (instant: string) => BigInt(Math.floor(Date.parse(instant) / 1000));

export function termsOf(channel: Channel): Terms {
  return {
    payer: channel.payer as Hex,
    payee: channel.payee as Hex,
    signer: channel.signer as Hex,
    price: BigInt(channel.priceWei),
    opened: unixSeconds(channel.opened),
  };
}

/** As the rules of paying need it. */
export function openChannelOf(channel: Channel): OpenChannel {
  return {
    id: channel.id as Hex,
    price: BigInt(channel.priceWei),
    locked: BigInt(channel.lockedWei),
    lastClosing: unixSeconds(channel.lastClosing),
  };
}

/** What is owed so far by the highest voucher, or was paid in the end; wei and mWh. */
export function soFar(channel: Channel): { wei: bigint; mwh: bigint } {
  const { ending } = channel;
  if (ending !== null) return { wei: BigInt(ending.paidWei), mwh: BigInt(ending.energyMwh) };
  return { wei: BigInt(channel.voucherWei ?? '0'), mwh: BigInt(channel.voucherMwh ?? '0') };
}

/** The energy that an amount pays for, in mWh: its cost, rounded down, is not above the amount. */
export function energyFor(price: bigint, amount: bigint): bigint {
  return ((amount + 1n) * 1_000_000n - 1n) / price;
}

export type Stop = 'ended' | 'locked' | 'unanswered';

/** Why nothing flows, so far as the payer can do something about it: the end has come, or what is locked, or nobody pays. */
export function stopOf(channel: Channel, now: Date | null, isPaid: boolean): Stop | null {
  if (stageOf(channel, now) !== 'open') return 'ended';
  if (BigInt(channel.mayFlowMwh) <= BigInt(channel.voucherMwh ?? '0')) return 'locked';
  return isPaid ? null : 'unanswered';
}

/** How much of the block that may flow now has arrived, in whole hundredths; null when nothing may flow, or no meter tells. */
export function blockCome(channel: Channel): number | null {
  const answered = BigInt(channel.voucherMwh ?? '0');
  const room = BigInt(channel.mayFlowMwh) - answered;
  if (room <= 0n) return null;
  const come = BigInt(channel.flow.arrivedMwh) - answered;
  return come <= 0n ? 0 : come >= room ? 100 : Number((come * 100n) / room);
}
