import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../src/api/client';
import { Paying, type Desk, type Taken } from '../../src/channels/paying.svelte';
import { Purse } from '../../src/channels/purse';
import type { Channel } from '../../src/channels/standing';
import { signVoucher, type Voucher } from '../../src/channels/voucher';
import type { Hex } from '../../src/proof/bytes';
import { blockCost, channel, id, key, Memory, place } from './made';

const block = 10_000n;

/** A payee's node, and the payer's meter behind it. */
class FakeNode implements Desk {
  row_ = channel();
  /** mWh that the payee wants answered; null for a node that does not ask. */
  asked = 0n;
  fault: ApiError | null = null;
  present = new Date('2026-06-21T12:00:00Z');
  readonly taken: Voucher[] = [];
  before: () => void = () => {};

  row = (): Promise<Channel> => Promise.resolve(this.row_);
  now = () => this.present;

  pay = (voucher: Voucher, signature: Hex): Promise<Taken> => {
    this.before();
    expect(signature).toBe(signVoucher(voucher, place, key));
    if (this.fault !== null) return Promise.reject(this.fault);
    this.taken.push(voucher);
    const mayFlow = voucher.energy + block;
    this.row_ = {
      ...this.row_,
      voucherWei: voucher.total.toString(),
      voucherMwh: voucher.energy.toString(),
      mayFlowMwh: mayFlow.toString(),
    };
    return Promise.resolve({
      totalWei: voucher.total.toString(),
      energyMwh: voucher.energy.toString(),
      mayFlowMwh: mayFlow.toString(),
      askedMwh: this.asked.toString(),
    });
  };

  /** Energy flows: the meter counts it, and the payee asks for it. */
  flow(blocks: number) {
    const mwh = BigInt(blocks) * block;
    this.asked = mwh;
    this.row_ = { ...this.row_, flow: { phase: 'flowing', arrivedMwh: mwh.toString(), trouble: null } };
  }
}

/** Locks of one browser (Web Locks), as far as paying uses them. */
class FakeLocks {
  private readonly held = new Set<string>();
  private readonly waiting: (() => void)[] = [];

  request = (async (name: string, options: LockOptions, granted: (lock: Lock | null) => Promise<unknown>) => {
    while (this.held.has(name)) {
      if (options.ifAvailable === true) return granted(null);
      await new Promise<void>((resolve, reject) => {
        this.waiting.push(resolve);
        options.signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
      });
    }
    this.held.add(name);
    try {
      return await granted({ name, mode: 'exclusive' });
    } finally {
      this.held.delete(name);
      this.waiting.splice(0).forEach((next) => next());
    }
  }) as LockManager['request'];
}

describe('paying as it flows', () => {
  let node: FakeNode;
  let storage: Memory;
  let purse: Purse;
  let locks: FakeLocks;
  let all: Paying[];
  beforeEach(() => {
    vi.useFakeTimers();
    node = new FakeNode();
    storage = new Memory();
    purse = new Purse(storage);
    locks = new FakeLocks();
    all = [];
  });
  afterEach(() => {
    for (const paying of all) paying.stop();
    vi.useRealTimers();
  });

  async function begin(limit = 10_000n): Promise<Paying> {
    purse.allow(id, limit);
    return again();
  }

  async function again(): Promise<Paying> {
    const paying = new Paying(id, key, place, node, new Purse(storage), locks);
    all.push(paying);
    void paying.run();
    await vi.advanceTimersByTimeAsync(0);
    return paying;
  }

  const later = (milliseconds = 2_000) => vi.advanceTimersByTimeAsync(milliseconds);
  const voucher = (blocks: number) => ({
    channel: id,
    total: BigInt(blocks) * blockCost,
    energy: BigInt(blocks) * block,
  });

  it('says "I am here" with nothing owed, and again every two seconds', async () => {
    const paying = await begin();
    expect(node.taken).toEqual([voucher(0)]);
    await later(1_999);
    expect(node.taken).toHaveLength(1);
    await later(1);
    await later();
    expect(node.taken).toEqual([voucher(0), voucher(0), voucher(0)]);
    expect([paying.standing.kind, paying.channel?.mayFlowMwh]).toEqual(['paying', '10000']);
  });

  it('answers what is asked at once, block by block', async () => {
    await begin();
    node.flow(1);
    await later();
    expect(node.taken).toEqual([voucher(0), voucher(0), voucher(1)]);
    node.flow(2);
    await later();
    expect(node.taken.slice(3)).toEqual([voucher(1), voucher(2)]);
    expect(purse.read(id)!.signed).toEqual(voucher(2));
  });

  it('has on its disk what it sends, before it is sent', async () => {
    const kept: unknown[] = [];
    node.before = () => kept.push(new Purse(storage).read(id)!.signed);
    await begin();
    node.flow(1);
    await later();
    expect(kept).toEqual(node.taken);
  });

  it('sends nothing that it has no room to keep', async () => {
    const paying = await begin();
    node.flow(1);
    storage.isFull = true;
    await later();
    expect(node.taken).toEqual([voucher(0), voucher(0)]);
    expect(paying.standing.kind).toBe('failed');
  });

  it('stands still at the limit, and goes on when it is raised', async () => {
    const paying = await begin(blockCost);
    node.flow(2);
    node.row_ = { ...node.row_, voucherMwh: '0' };
    await later();
    await later();
    expect(paying.standing).toEqual({
      kind: 'refused',
      refusal: { kind: 'aboveLimit', total: 2n * blockCost, limit: blockCost },
    });
    expect(node.taken.every(({ total }) => total === 0n)).toBe(true);
    purse.allow(id, 2n * blockCost);
    await later();
    expect(node.taken.at(-1)).toEqual(voucher(2));
    expect(paying.standing.kind).toBe('paying');
  });

  it('signs for no more than a block beyond its own meter', async () => {
    const paying = await begin();
    node.asked = 2n * block;
    await later();
    expect(paying.standing).toEqual({
      kind: 'refused',
      refusal: { kind: 'notDelivered', asked: 2n * block, delivered: 0n },
    });
    node.asked = block;
    await later();
    await later();
    expect(node.taken.at(-1)).toEqual(voucher(1));
  });

  it('says when what is locked is used up, and pays on after a top-up', async () => {
    node.row_ = channel({ lockedWei: blockCost.toString() });
    const paying = await begin();
    node.flow(2);
    await later();
    await later();
    expect(paying.standing).toMatchObject({ refusal: { kind: 'aboveLocked', locked: blockCost } });
    node.row_ = { ...node.row_, lockedWei: '5000' };
    await later();
    expect(node.taken.at(-1)).toEqual(voucher(2));
  });

  it('neither forgets nor pays twice over a reload', async () => {
    const first = await begin();
    node.flow(3);
    await later();
    first.stop();
    await later();
    const sent = node.taken.length;
    await again();
    expect(node.taken.slice(sent)).toEqual([voucher(3)]);
    expect(purse.read(id)).toEqual({ limit: 10_000n, signed: voucher(3) });
  });

  it('comes up to what the node holds, within its own checks, where its disk has less', async () => {
    node.row_ = channel({
      voucherWei: '1000',
      voucherMwh: '10000',
      flow: { phase: 'idle', arrivedMwh: '10000', trouble: null },
    });
    await begin();
    expect(node.taken).toEqual([voucher(1)]);
    all.pop()!.stop();
    storage.clear();
    node.row_ = { ...node.row_, voucherWei: '9000', voucherMwh: '90000' };
    const paying = await begin();
    expect(paying.standing).toMatchObject({ refusal: { kind: 'notDelivered', asked: 90_000n } });
    expect(node.taken).toHaveLength(1);
  });

  it('pays in one tab, and in the next one when that is gone', async () => {
    const first = await begin();
    const second = await again();
    await later();
    expect([first.standing.kind, second.standing.kind, node.taken.length]).toEqual(['paying', 'elsewhere', 2]);
    first.stop();
    await later(0);
    expect([second.standing.kind, node.taken.length]).toEqual(['paying', 3]);
    const third = await again();
    third.stop();
    second.stop();
    await later(10_000);
    expect(node.taken).toHaveLength(3);
  });

  it('tries again after a refusal, ever more slowly, and not where that is of no use', async () => {
    const paying = await begin();
    const refused = (code: string, status = 409) =>
      new ApiError({ kind: 'answered', status, code, title: '', detail: '', retryAfter: null }, 'POST');
    node.fault = refused('VoucherLower');
    const tries: number[] = [];
    node.before = () => tries.push(Date.now());
    await later(90_000);
    expect(paying.standing).toEqual({ kind: 'failed', error: node.fault });
    expect(tries.slice(1).map((at, i) => at - tries[i]!)).toEqual([4_000, 8_000, 16_000, 30_000, 30_000]);
    node.fault = refused('WrongSignature', 401);
    await later(30_000);
    const count = tries.length;
    await later(90_000);
    expect(tries).toHaveLength(count);
  });

  it('answers the last block after the end, and ends with the channel', async () => {
    const paying = await begin();
    node.present = new Date('2026-06-28T12:00:01Z');
    node.flow(1);
    await later();
    expect(node.taken.at(-1)).toEqual(voucher(1));
    node.row_ = { ...node.row_, phase: 'closed' };
    await later();
    const count = node.taken.length;
    await later(60_000);
    expect([paying.standing.kind, node.taken.length]).toEqual(['over', count]);
  });
});
