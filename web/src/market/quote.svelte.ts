import { client } from '../api/client';
import { community } from '../community.svelte';

const pause = 200;

/**
 * The node's answer to what a trade comes to, asked anew when the question changes, when the ledger does, and when the time
 * for which it holds is over. The last one stays while the next is on its way.
 */
export class Quote<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<unknown>(null);
  asking = $state(false);
  private path: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private turn = 0;

  /** Asks in a moment, so that not every keystroke is a question; null forgets. */
  ask(path: string | null): void {
    clearTimeout(this.timer);
    this.path = path;
    this.turn++;
    this.error = null;
    this.asking = path !== null;
    if (path === null) this.value = null;
    else this.timer = setTimeout(() => void this.fetch(), pause);
  }

  again = (): void => {
    if (this.path !== null && !this.asking) void this.fetch();
  };

  /** Asks again with each block that brings something, until what it gives is called. */
  follow(): () => void {
    const stop = community.live.listen({
      block: ({ transactions }) => {
        if (transactions > 0) this.again();
      },
      relinked: this.again,
    });
    return () => {
      stop();
      clearTimeout(this.timer);
    };
  }

  private async fetch(): Promise<void> {
    const [path, turn] = [this.path, ++this.turn];
    if (path === null) return;
    this.asking = true;
    try {
      const value = await client.get<T>(path);
      if (turn === this.turn) [this.value, this.error] = [value, null];
    } catch (error) {
      if (turn === this.turn) this.error = error;
    } finally {
      if (turn === this.turn) this.asking = false;
    }
  }
}
