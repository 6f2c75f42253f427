import { afterEach, describe, expect, it, vi } from 'vitest';
import { EventReader } from '../../src/api/eventStream';
import { Live } from '../../src/api/live.svelte';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('event stream', () => {
  const text = ': hello\n\nid: 1\nevent: block\ndata: {"a":\ndata: 1}\n\nid: 2\r\ndata:é\r\n\r\nretry: 5\n\n';
  const expected = [
    { id: '1', name: 'block', data: '{"a":\n1}' },
    { id: '2', name: 'message', data: 'é' },
  ];

  it('is read wherever it is cut', () => {
    const all = bytes(text);
    for (let cut = 0; cut <= all.length; cut++) {
      const reader = new EventReader();
      expect([...reader.take(all.slice(0, cut)), ...reader.take(all.slice(cut))]).toEqual(expected);
    }
  });

  it('does not grow without end', () => {
    const reader = new EventReader();
    expect(() => {
      for (let i = 0; i < 10; i++) reader.take(bytes('x'.repeat(1 << 20)));
    }).toThrow(RangeError);
  });
});

/** A stream under the test's hand. */
function streams() {
  const opened: { headers: Headers; say: (text: string) => void; end: () => void }[] = [];
  const fetcher: typeof fetch = (_, init) => {
    let control!: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({ start: (one) => void (control = one) });
    init?.signal?.addEventListener('abort', () => {
      try {
        control.error(new Error('aborted'));
      } catch {
        // It ended before.
      }
    });
    opened.push({
      headers: new Headers(init?.headers),
      say: (text) => control.enqueue(bytes(text)),
      end: () => control.close(),
    });
    return Promise.resolve(new Response(body));
  };
  return { opened, fetcher };
}

describe('live figures', () => {
  afterEach(() => void vi.useRealTimers());

  it('resume by the id of the last event, with growing pauses, and say when they are frozen', async () => {
    vi.useFakeTimers();
    const { opened, fetcher } = streams();
    const live = new Live('/live', fetcher, () => true);
    const blocks: unknown[] = [];
    let relinked = 0;
    live.listen({ block: (block) => blocks.push(block), relinked: () => relinked++ });
    live.open();
    await vi.advanceTimersByTimeAsync(0);
    expect(live.link).toBe('live');
    opened[0]!.say('id: 41\nevent: block\ndata: {"number":7}\n\n');
    await vi.advanceTimersByTimeAsync(0);
    expect(blocks).toEqual([{ number: 7 }]);
    opened[0]!.end();
    await vi.advanceTimersByTimeAsync(0);
    expect(live.link).toBe('frozen');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(opened).toHaveLength(2);
    expect(opened[1]!.headers.get('last-event-id')).toBe('41');
    expect([live.link, relinked]).toEqual(['live', 1]);
    live.close();
  });

  it('have begun with the first figures, or when the stream is lost before', async () => {
    vi.useFakeTimers();
    const { opened, fetcher } = streams();
    const begun: string[] = [];
    const [told, lost] = ['told', 'lost'].map((name) => {
      const live = new Live('/live', fetcher, () => true);
      void live.begun.then(() => begun.push(name));
      live.open();
      return live;
    });
    await vi.advanceTimersByTimeAsync(0);
    opened[0]!.say('id: 1\nevent: block\ndata: {}\n\n');
    await vi.advanceTimersByTimeAsync(0);
    expect(begun).toEqual([]);
    opened[0]!.say('id: 1\nevent: now\ndata: {}\n\n');
    await vi.advanceTimersByTimeAsync(0);
    expect(begun).toEqual(['told']);
    opened[1]!.end();
    await vi.advanceTimersByTimeAsync(0);
    expect(begun).toEqual(['told', 'lost']);
    told!.close();
    lost!.close();
  });

  it('are opened anew when they fall silent', async () => {
    vi.useFakeTimers();
    const { opened, fetcher } = streams();
    const live = new Live('/live', fetcher, () => true);
    live.open();
    await vi.advanceTimersByTimeAsync(31_000);
    expect(opened.length).toBeGreaterThan(1);
    live.close();
  });

  it('forget what another account saw', async () => {
    vi.useFakeTimers();
    const { opened, fetcher } = streams();
    const live = new Live('/live', fetcher, () => true);
    live.open();
    await vi.advanceTimersByTimeAsync(0);
    opened[0]!.say('id: 1\nevent: houses\ndata: [{"meter":"0x1"}]\n\n');
    await vi.advanceTimersByTimeAsync(0);
    expect(live.houses).toHaveLength(1);
    live.restart();
    await vi.advanceTimersByTimeAsync(0);
    expect(live.houses).toBeNull();
    expect(opened[1]!.headers.get('last-event-id')).toBeNull();
    live.close();
  });

  it('say that the device is offline', async () => {
    vi.useFakeTimers();
    const live = new Live(
      '/live',
      () => Promise.reject(new TypeError('network')),
      () => false,
    );
    live.open();
    await vi.advanceTimersByTimeAsync(0);
    expect(live.link).toBe('offline');
    live.close();
  });
});
