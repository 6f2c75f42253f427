import { client } from '../api/client';

/**
 * The node's answer to one question, with what a screen shows of it: not there yet, there, refused, or kept from earlier
 * because the node cannot be reached. Another question forgets the last one's answer; the same one keeps it meanwhile.
 */
export class Answer<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<unknown>(null);
  loading = $state(false);
  /** When the node gave the answer, for one that comes from this device's store. */
  storedAt = $state.raw<Date | null>(null);
  private path: string | null = null;
  private running: AbortController | undefined;

  /** Asks, and asks again; null is no question. */
  async ask(path: string | null): Promise<void> {
    this.running?.abort();
    if (path !== this.path) {
      this.value = null;
      this.storedAt = null;
    }
    this.path = path;
    this.error = null;
    this.loading = path !== null;
    if (path === null) return;
    const running = new AbortController();
    this.running = running;
    try {
      const { body, storedAt } = await client.look<T>(path, { signal: running.signal });
      if (this.running !== running) return;
      this.value = body;
      this.storedAt = storedAt;
    } catch (error) {
      if (this.running === running) this.error = error;
    } finally {
      if (this.running === running) this.loading = false;
    }
  }

  again = (): void => void this.ask(this.path);
}
