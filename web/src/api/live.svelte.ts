import { EventReader, type StreamEvent } from './eventStream';
import type { Device, House, LiveEvents, Now } from './types';

export type Link = 'connecting' | 'live' | 'frozen' | 'offline';

const firstPause = 1_000;
const longestPause = 15_000;
/** A stream that says nothing for so long may be dead without anyone telling: it is opened anew. */
const silence = 30_000;

type Listener = { [K in keyof LiveEvents]?: (value: LiveEvents[K]) => void } & { relinked?: () => void };

/**
 * The stream of live figures. Reconnects by itself, for ever, with growing pauses, and asks for what it missed by the id of
 * the last event that it took.
 */
export class Live {
  link = $state<Link>('connecting');
  houses = $state.raw<House[] | null>(null);
  /** What changed of devices since the stream was opened. */
  devices = $state.raw<Device[]>([]);
  now = $state.raw<Now | null>(null);

  /** The stream has brought its first figures, or was lost before it could. */
  readonly begun: Promise<void>;

  private begin: () => void = () => {};
  private lastId = '';
  private pause = firstPause;
  private running: AbortController | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private wasLive = false;
  private readonly listeners = new Set<Listener>();

  constructor(
    private readonly address: string,
    private readonly fetcher: typeof fetch = (input, init) => fetch(input, init),
    private readonly online: () => boolean = () => navigator.onLine,
  ) {
    this.begun = new Promise((resolve) => (this.begin = resolve));
  }

  open(): void {
    this.close();
    // What changed while the stream was closed is in the list that is asked for anew.
    this.devices = [];
    this.running = new AbortController();
    this.watch();
    void this.run(this.running.signal);
  }

  close(): void {
    this.running?.abort();
    clearTimeout(this.retry);
    clearTimeout(this.watchdog);
  }

  /** Forgets what was seen and begins anew: another account sees other things. */
  restart(): void {
    this.houses = null;
    this.now = null;
    this.lastId = '';
    this.open();
  }

  /** Hears of events until the returned function is called. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async run(signal: AbortSignal): Promise<void> {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (this.lastId !== '') headers['last-event-id'] = this.lastId;
    try {
      const response = await this.fetcher(this.address, { headers, signal, cache: 'no-store' });
      if (!response.ok || response.body === null) throw new Error(String(response.status));
      this.linked();
      const reader = response.body.getReader();
      const events = new EventReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done || signal.aborted) break;
        this.watch();
        for (const event of events.take(value)) this.take(event);
      }
    } catch {
      // Lost like an ended stream: it is opened again.
    }
    if (!signal.aborted) this.lost();
  }

  private linked(): void {
    this.pause = firstPause;
    this.link = 'live';
    if (this.wasLive) for (const listener of this.listeners) listener.relinked?.();
    this.wasLive = true;
  }

  private take(event: StreamEvent): void {
    if (event.id !== '') this.lastId = event.id;
    let value: never;
    try {
      value = JSON.parse(event.data) as never;
    } catch {
      return;
    }
    if (event.name === 'houses') this.houses = value;
    else if (event.name === 'now') {
      this.now = value;
      this.begin();
    } else if (event.name === 'devices') this.devices = merged(this.devices, value);
    if (event.name === 'reset') for (const listener of this.listeners) listener.relinked?.();
    for (const listener of this.listeners) listener[event.name as keyof LiveEvents]?.(value);
  }

  private lost(): void {
    this.close();
    this.begin();
    this.link = this.online() ? 'frozen' : 'offline';
    this.retry = setTimeout(() => this.open(), this.pause);
    this.pause = Math.min(this.pause * 2, longestPause);
  }

  private watch(): void {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => {
      this.link = this.online() ? 'frozen' : 'offline';
      this.open();
    }, silence);
  }
}

/** Devices in their order, each as it is now; new ones at the end. */
export function merged(known: readonly Device[], changed: readonly Device[]): Device[] {
  const all = new Map(known.map((device) => [device.meter, device]));
  for (const device of changed) all.set(device.meter, device);
  return [...all.values()];
}
