import { describe, expect, it } from 'vitest';
import { costOf, defaultBlock, nextVoucher, type OpenChannel } from '../../src/channels/payer';

const id = `0x${'ab'.repeat(32)}` as const;
/** A block costs 1,000 wei; ten of them are locked. */
const channel: OpenChannel = { id, price: 100_000n, locked: 10_000n, lastClosing: 2_000n };
const blocks = (count: number) => BigInt(count) * defaultBlock;
const voucher = (count: number) => ({ channel: id, total: BigInt(count) * 1_000n, energy: blocks(count) });

describe('what a payer signs', () => {
  it('is what was delivered, at the price, rounded for the payer', () => {
    expect(nextVoucher(channel, { energy: blocks(3), delivered: blocks(3), now: 1n }, null, 10_000n)).toEqual({
      voucher: voucher(3),
    });
    expect(costOf(100_000n, 10_009n)).toBe(1_000n);
    expect(costOf(100_000n, 10_010n)).toBe(1_001n);
  });

  it('is at most one block ahead of the own meter', () => {
    expect(nextVoucher(channel, { energy: blocks(2), delivered: blocks(1), now: 1n }, null, 10_000n)).toEqual({
      voucher: voucher(2),
    });
    const energy = blocks(2) + 1n;
    expect(nextVoucher(channel, { energy, delivered: blocks(1), now: 1n }, null, 10_000n)).toEqual({
      refusal: { kind: 'notDelivered', asked: energy, delivered: blocks(1) },
    });
  });

  it('is at most the limit, to the wei', () => {
    const asked = { energy: blocks(3), delivered: blocks(3), now: 1n };
    expect(nextVoucher(channel, asked, null, 3_000n)).toEqual({ voucher: voucher(3) });
    expect(nextVoucher(channel, asked, null, 2_999n)).toEqual({
      refusal: { kind: 'aboveLimit', total: 3_000n, limit: 2_999n },
    });
  });

  it('is at most what is locked, however high the limit', () => {
    const asked = { energy: blocks(11), delivered: blocks(11), now: 1n };
    expect(nextVoucher(channel, asked, voucher(10), 1n << 100n)).toEqual({
      refusal: { kind: 'aboveLocked', total: 11_000n, locked: 10_000n },
    });
  });

  it('is the same again for who missed the answer, and never less', () => {
    const before = { channel: id, total: 9_000n, energy: blocks(2) };
    expect(nextVoucher(channel, { energy: blocks(1), delivered: blocks(5), now: 1n }, before, 0n)).toEqual({
      voucher: before,
    });
    expect(nextVoucher(channel, { energy: blocks(3), delivered: blocks(5), now: 1n }, before, 10_000n)).toEqual({
      voucher: { channel: id, total: 9_000n, energy: blocks(3) },
    });
  });

  it('is nothing once no closing is taken any more', () => {
    const asked = { energy: blocks(1), delivered: blocks(1) };
    expect(nextVoucher(channel, { ...asked, now: 2_000n }, null, 10_000n)).toEqual({ voucher: voucher(1) });
    expect(nextVoucher(channel, { ...asked, now: 2_001n }, null, 10_000n)).toEqual({
      refusal: { kind: 'tooLate', lastClosing: 2_000n },
    });
    expect(() => nextVoucher(channel, { energy: -1n, delivered: 0n, now: 1n }, null, 0n)).toThrow(RangeError);
  });
});
