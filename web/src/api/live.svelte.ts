import type { Anchor, Block, House } from './types';

export type Link = 'connecting' | 'live' | 'frozen';

const firstPause = 1_000;
const longestPause = 15_000;
/** A stream that says nothing for so long may be dead without anyone telling: it is opened anew. */
const silence = 30_000;

type Listener = { block?: (block: Block) => void; anchor?: (anchor: Anchor) => void; relinked?: () => void };

/** The stream of live figures. Reconnects by itself, for ever, with growing pauses. */
export class Live {
  link = $state<Link>('connecting');
  houses = $state.raw<House[] | null>(null);

  private source: EventSource | undefined;
  private pause = firstPause;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private wasLive = false;
  private readonly listeners = new Set<Listener>();

  constructor(private readonly address: string) {}

  open(): void {
    this.close();
    const source = new EventSource(this.address);
    this.source = source;
    this.watch();
    source.onopen = () => {
      this.pause = firstPause;
      this.link = 'live';
      if (this.wasLive) for (const listener of this.listeners) listener.relinked?.();
      this.wasLive = true;
    };
    source.onerror = () => this.lost();
    this.on<House[]>('houses', (houses) => (this.houses = houses));
    this.on<Block>('block', (block) => this.listeners.forEach((listener) => listener.block?.(block)));
    this.on<Anchor>('anchor', (anchor) => this.listeners.forEach((listener) => listener.anchor?.(anchor)));
  }

  close(): void {
    this.source?.close();
    clearTimeout(this.retry);
    clearTimeout(this.watchdog);
  }

  /** Hears of blocks and anchors until the returned function is called. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private on<T>(name: string, take: (value: T) => void): void {
    this.source?.addEventListener(name, (event: MessageEvent<string>) => {
      this.watch();
      let value: T;
      try {
        value = JSON.parse(event.data) as T;
      } catch {
        return;
      }
      take(value);
    });
  }

  private lost(): void {
    this.close();
    this.link = 'frozen';
    this.retry = setTimeout(() => this.open(), this.pause);
    this.pause = Math.min(this.pause * 2, longestPause);
  }

  private watch(): void {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.open(), silence);
  }
}
