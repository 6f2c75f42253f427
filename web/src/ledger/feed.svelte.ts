import type { Page } from '../api/screens';

/**
 * A list, newest first, that never moves under the finger: what is new waits until the reader asks for it. What is shown
 * already is brought up to date in its place.
 */
export class Feed<T> {
  shown = $state.raw<T[]>([]);
  waiting = $state.raw<T[]>([]);
  loaded = $state(false);
  loading = $state(false);
  ended = $state(false);
  error = $state.raw<unknown>(null);
  private cursor: string | null = null;
  /** More is new than was heard of: on reveal the list is fetched anew. */
  private gap = false;

  constructor(
    private readonly fetchPage: (limit: number, cursor: string | null) => Promise<Page<T>>,
    private readonly keyOf: (item: T) => string,
    private readonly pageLength = 25,
    private readonly mostWaiting = 500,
    /** Whether nothing lies between two items; where it is not known, what is heard of is taken for all. */
    private readonly follows: (newer: T, older: T) => boolean = () => true,
  ) {}

  /** Fetches the first page, or the next one below what is shown. */
  async more(): Promise<void> {
    if (this.loading) return;
    this.loading = true;
    this.error = null;
    try {
      const { items, next } = await this.fetchPage(this.pageLength, this.cursor);
      const known = new Set(this.shown.map(this.keyOf));
      this.shown = [...this.shown, ...items.filter((item) => !known.has(this.keyOf(item)))];
      this.waiting = this.waiting.filter((item) => !items.some((other) => this.keyOf(other) === this.keyOf(item)));
      this.cursor = next;
      this.ended = next === null;
      this.loaded = true;
    } catch (error) {
      this.error = error;
    } finally {
      this.loading = false;
    }
  }

  /** Takes an item from the live stream: in place when it is shown, else to the waiting ones. */
  offer(item: T): void {
    const key = this.keyOf(item);
    const replace = (list: T[]) => list.map((other) => (this.keyOf(other) === key ? item : other));
    const within = (list: T[]) => list.some((other) => this.keyOf(other) === key);
    if (within(this.shown)) this.shown = replace(this.shown);
    else if (within(this.waiting)) this.waiting = replace(this.waiting);
    else if (this.loaded && this.shown.length === 0) this.shown = [item];
    else {
      const newest = this.waiting[0] ?? this.shown[0];
      this.gap ||= this.waiting.length === this.mostWaiting || (newest !== undefined && !this.follows(item, newest));
      this.waiting = [item, ...this.waiting].slice(0, this.mostWaiting);
    }
  }

  /** After the stream was down, or told only that there is more: learns what was missed, without moving the list. */
  async catchUp(): Promise<void> {
    if (!this.loaded) return this.more();
    const { items, next } = await this.fetchPage(this.pageLength, null).catch(() => ({ items: [], next: null }));
    const known = new Set([...this.shown, ...this.waiting].map(this.keyOf));
    this.gap ||= next !== null && !items.some((item) => known.has(this.keyOf(item)));
    for (const item of items.toReversed()) this.offer(item);
  }

  /** Shows what waits. */
  async reveal(): Promise<void> {
    const all = !this.gap;
    this.shown = all ? [...this.waiting, ...this.shown] : [];
    this.waiting = [];
    this.gap = false;
    if (all) return;
    this.cursor = null;
    await this.more();
  }
}
