import type { Page } from '../api/screens';

/** What a list of the board shows of itself: each with its own id. */
export interface Listed {
  id: string;
}

const pageLength = 25;
const longestPage = 200;

/**
 * A list whose rows stay where they are while the board changes: what is shown is brought up to date in its place, what is
 * gone stays there greyed until the reader asks for the list anew, and what is new is counted above it.
 */
export class BoardFeed<T extends Listed> {
  shown = $state.raw<readonly T[]>([]);
  gone = $state.raw<ReadonlySet<string>>(new Set());
  waiting = $state(0);
  loaded = $state(false);
  loading = $state(false);
  ended = $state(false);
  error = $state.raw<unknown>(null);
  private cursor: string | null = null;
  private asked = 0;

  constructor(private readonly fetchPage: (limit: number, cursor: string | null) => Promise<Page<T>>) {}

  /** Begins anew: another question, or the reader wants what is new. */
  async restart(): Promise<void> {
    this.cursor = null;
    await this.take((items) => {
      [this.shown, this.gone, this.waiting] = [items, new Set(), 0];
    }, pageLength);
  }

  /** The next page below what is shown. */
  async more(): Promise<void> {
    if (this.loading || this.ended) return;
    await this.take((items) => {
      const known = new Set(this.shown.map(({ id }) => id));
      this.shown = [...this.shown, ...items.filter(({ id }) => !known.has(id))];
    }, pageLength);
  }

  /** Learns what has changed, without moving a row. A failure keeps what is shown: it is asked again at the next change. */
  async refresh(): Promise<void> {
    if (!this.loaded || this.loading) return this.loaded ? undefined : this.restart();
    const turn = ++this.asked;
    const page = await this.fetchPage(Math.min(longestPage, this.shown.length + pageLength), null).catch(() => null);
    if (page === null || turn !== this.asked) return;
    const now = new Map(page.items.map((item) => [item.id, item]));
    const known = new Set(this.shown.map(({ id }) => id));
    const last = page.items.findLastIndex(({ id }) => known.has(id));
    this.shown = this.shown.map((item) => now.get(item.id) ?? item);
    // Where the list goes on below, what is missing may only have moved there.
    if (page.next === null) this.gone = new Set([...known].filter((id) => !now.has(id)));
    const above = page.next === null && this.ended ? page.items : page.items.slice(0, last + 1);
    const fresh = above.filter(({ id }) => !known.has(id));
    if (this.shown.length === 0) [this.shown, this.waiting] = [fresh, 0];
    else this.waiting = fresh.length;
  }

  private async take(put: (items: readonly T[]) => void, limit: number): Promise<void> {
    const turn = ++this.asked;
    this.loading = true;
    this.error = null;
    try {
      const { items, next } = await this.fetchPage(limit, this.cursor);
      if (turn !== this.asked) return;
      put(items);
      this.cursor = next;
      this.ended = next === null;
      this.loaded = true;
    } catch (error) {
      if (turn === this.asked) this.error = error;
    } finally {
      if (turn === this.asked) this.loading = false;
    }
  }
}
