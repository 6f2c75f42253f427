import { SvelteMap } from 'svelte/reactivity';
import { client } from '../api/client';
import { community } from '../community.svelte';
import type { Hex } from '../proof/bytes';
import { session } from '../session/session.svelte';
import { Paying, type Desk, type Taken } from './paying.svelte';
import { Purse } from './purse';
import { rememberedHere, rememberHere } from './resume';
import type { Channel } from './standing';

const desk: Desk = {
  row: (id) => client.get<Channel>(`channels/${id}`),
  pay: ({ channel, total, energy }, signature) =>
    client.post<Taken>(`channels/${channel}/vouchers`, {
      totalWei: total.toString(),
      energyMwh: energy.toString(),
      signature,
    }),
  now: () => community.present ?? new Date(),
};

/** What this tab pays for, whichever screen is open. */
class Payments {
  readonly purse = new Purse();
  private readonly running = new SvelteMap<string, Paying>();
  /** Those that came to their end by themselves: shown still, and not begun again by a reload. */
  private readonly ended = new WeakSet<Paying>();

  constructor() {
    // Another account's money is not this one's to spend.
    session.onChange(() => this.stopAll());
  }

  of(id: string): Paying | null {
    return this.running.get(id.toLowerCase()) ?? null;
  }

  /** Pays from now on, up to so many wei in all. False when this browser does not have the channel's key. */
  start(channel: Channel, limit: bigint): boolean {
    if (this.purse.keyFor(channel) === null) return false;
    this.purse.allow(channel.id as Hex, limit);
    this.begin(channel);
    return true;
  }

  stop(id: string): void {
    this.of(id)?.stop();
    this.running.delete(id.toLowerCase());
    this.remember();
  }

  /** Goes on with what this tab paid for before it was loaded again. */
  async resume(): Promise<void> {
    for (const id of rememberedHere()) {
      const channel = await desk.row(id as Hex).catch(() => null);
      if (channel !== null && this.of(id) === null) this.begin(channel);
    }
  }

  private begin(channel: Channel): void {
    const { info } = community;
    const key = this.purse.keyFor(channel);
    const contract = info?.contracts.channels ?? null;
    if (info === null || contract === null || key === null) return;
    this.of(channel.id)?.stop();
    const place = { chainId: BigInt(info.chainId), contract: contract as Hex };
    const paying = new Paying(channel.id as Hex, key, place, desk, this.purse);
    this.running.set(channel.id.toLowerCase(), paying);
    this.remember();
    void paying.run().finally(() => {
      this.ended.add(paying);
      this.remember();
    });
  }

  private stopAll(): void {
    for (const paying of this.running.values()) paying.stop();
    this.running.clear();
    this.remember();
  }

  private remember(): void {
    rememberHere([...this.running].filter(([, paying]) => !this.ended.has(paying)).map(([id]) => id));
  }
}

export const payments = new Payments();
