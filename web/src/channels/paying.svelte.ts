import { ApiError } from '../api/client';
import type { Hex } from '../proof/bytes';
import { nextVoucher, type PayerRefusal } from './payer';
import { PurseDamaged, type Purse } from './purse';
import { openChannelOf, stageOf, type Channel } from './standing';
import { signVoucher, type Place, type Voucher } from './voucher';

/** The node's answer to a voucher that it took. */
export interface Taken {
  totalWei: string;
  energyMwh: string;
  mayFlowMwh: string;
  /** mWh since the opening that the payee's node wants answered now. */
  askedMwh: string;
}

/** What paying needs of the node. */
export interface Desk {
  row(id: Hex): Promise<Channel>;
  pay(voucher: Voucher, signature: Hex): Promise<Taken>;
  /** The community's present. */
  now(): Date;
}

/** Where paying stands. */
export type Standing =
  | { kind: 'starting' }
  | { kind: 'elsewhere' }
  | { kind: 'paying' }
  | { kind: 'refused'; refusal: PayerRefusal }
  | { kind: 'failed'; error: unknown }
  | { kind: 'over' };

/** The node says so of what cannot come right by trying again. */
const final = new Set(['WrongSignature', 'ChannelTooLate', 'SignInFirst', 'NotAllowed', 'NotFound']);
/** Answers that a block needs at most to be brought up to what is asked now. */
const mostAtOnce = 4;
const pause = 2_000;
const longestPause = 30_000;

/**
 * Pays for a channel as energy flows, in one tab at a time: tells the payee's node every two seconds that somebody is here, with the
 * highest voucher, and signs the next one when the payee asks for it, within what the own meter counted, what is locked, and the limit.
 */
export class Paying {
  standing = $state.raw<Standing>({ kind: 'starting' });
  /** The channel as it was seen last. */
  channel = $state.raw<Channel | null>(null);
  private asked = 0n;
  private wait = pause;
  private readonly stopped = new AbortController();

  constructor(
    readonly id: Hex,
    private readonly key: Uint8Array,
    private readonly place: Place,
    private readonly desk: Desk,
    private readonly purse: Purse,
    private readonly locks: Pick<LockManager, 'request'> | undefined = navigator.locks,
  ) {}

  /** Pays until it is stopped, or there is nothing more to pay for. */
  async run(): Promise<void> {
    // Only where a page is loaded safely are there locks. Two tabs without them say the same, because totals are since the opening.
    if (this.locks === undefined) return this.go();
    const name = `busbar.channel.${this.id}`;
    try {
      const began = await this.locks.request(name, { ifAvailable: true }, async (lock) => {
        if (lock !== null) await this.go();
        return lock !== null;
      });
      if (began || this.stopped.signal.aborted) return;
      this.standing = { kind: 'elsewhere' };
      await this.locks.request(name, { signal: this.stopped.signal }, () => this.go());
    } catch (error) {
      if (!this.stopped.signal.aborted) throw error;
    }
  }

  stop(): void {
    this.stopped.abort();
  }

  private async go(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      try {
        this.standing = await this.turn();
        this.wait = pause;
      } catch (error) {
        this.standing = { kind: 'failed', error };
        const isFinal = error instanceof PurseDamaged || (error instanceof ApiError && final.has(error.code));
        if (isFinal) return;
        this.wait = Math.min(longestPause, 2 * this.wait);
      }
      if (this.standing.kind === 'over') return;
      await passed(this.wait, signal);
    }
  }

  /** Answers what is asked, again at once when the answer asks for more. */
  private async turn(): Promise<Standing> {
    for (let count = 1; ; count++) {
      const channel = await this.desk.row(this.id);
      this.channel = channel;
      const now = this.desk.now();
      if (['late', 'closed', 'reclaimed'].includes(stageOf(channel, now))) return { kind: 'over' };
      const kept = this.purse.read(this.id);
      if (kept === null) throw new PurseDamaged(this.id);
      // What the node holds already is owed: a browser that crashed may have less on its disk than it sent.
      const held = BigInt(channel.voucherMwh ?? '0');
      const next = nextVoucher(
        openChannelOf(channel),
        {
          energy: held > this.asked ? held : this.asked,
          delivered: BigInt(channel.flow.arrivedMwh),
          now: BigInt(Math.floor(now.getTime() / 1000)),
        },
        kept.signed,
        kept.limit,
      );
      const voucher = 'voucher' in next ? next.voucher : kept.signed;
      if (voucher === null) return { kind: 'refused', refusal: (next as { refusal: PayerRefusal }).refusal };
      if (voucher !== kept.signed) this.purse.keep(voucher);
      if (this.stopped.signal.aborted) return this.standing;
      const taken = await this.desk.pay(voucher, signVoucher(voucher, this.place, this.key));
      this.asked = BigInt(taken.askedMwh);
      this.channel = {
        ...channel,
        voucherWei: taken.totalWei,
        voucherMwh: taken.energyMwh,
        mayFlowMwh: taken.mayFlowMwh,
      };
      if ('refusal' in next) return { kind: 'refused', refusal: next.refusal };
      if (this.asked <= voucher.energy || count === mostAtOnce) return { kind: 'paying' };
    }
  }
}

function passed(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
