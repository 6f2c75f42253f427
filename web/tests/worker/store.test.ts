import { describe, expect, it } from 'vitest';
import { placeOf } from '../../src/worker/place';
import { DataStore, isKept, storedHeader } from '../../src/worker/store';

const origin = 'https://node.local';

/** The browser's cache storage, as much of it as the store uses. */
function fakeCaches() {
  const all = new Map<string, Map<string, Response>>();
  const open = (name: string) => {
    const entries = all.get(name) ?? new Map<string, Response>();
    all.set(name, entries);
    return Promise.resolve({
      match: (url: string) => Promise.resolve(entries.get(url)?.clone()),
      put: (url: string, response: Response) => Promise.resolve(void entries.set(url, response)),
      delete: (url: string) => Promise.resolve(entries.delete(url)),
      keys: () => Promise.resolve([...entries.keys()]),
    });
  };
  const caches = { open, delete: (name: string) => Promise.resolve(all.delete(name)) } as unknown as CacheStorage;
  return { caches, kept: () => [...(all.get('data')?.keys() ?? [])] };
}

function storeOf(...answers: (Response | Error | Promise<Response>)[]) {
  const { caches, kept } = fakeCaches();
  const fetcher = () => {
    const answer = answers.shift() ?? new TypeError('network');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const store = new DataStore('data', caches, fetcher, () => new Date('2026-11-21T10:00:00Z'));
  const works: Promise<unknown>[] = [];
  const ask = (path: string) => store.answer(new Request(`${origin}/api/v1/${path}`), (work) => void works.push(work));
  return { store, ask, kept, settled: () => Promise.all(works) };
}

describe('what is kept for reading offline', () => {
  it.each([
    ['/api/v1/demo/wallets', false],
    ['/api/v1/houses', true],
    ['/api/v1/history?meter=0x1', true],
    ['/api/v1/explorer/blocks/7', true],
    ['/api/v1/account/keystore', false],
    ['/api/v1/account/passkeys', false],
    ['/api/v1/devices/0x1/token', false],
    ['/api/v1/notifications/choices', false],
    ['/api/v1/guests', false],
    ['/api/v1/invitations', false],
    ['/api/v1/history.csv', false],
    ['/api/v1/live', false],
    ['/rpc', false],
    ['/api/v1/bills/3?premises=0x07', true],
    ['/api/v1/bills.csv?premises=0x07', false],
    ['/api/v1/account?premises=0x07', true],
  ])('%s: %s', (path, taken) => expect(isKept(new URL(origin + path), origin)).toBe(taken));

  it('is of this node alone', () => {
    expect(isKept(new URL('https://other.local/api/v1/houses'), origin)).toBe(false);
  });
});

describe('store', () => {
  it('gives the last answer, and when it was given, when the node cannot be reached', async () => {
    const { ask, settled } = storeOf(Response.json([1]));
    expect((await ask('houses')).headers.get(storedHeader)).toBeNull();
    await settled();
    const stored = await ask('houses');
    expect(await stored.json()).toEqual([1]);
    expect(stored.headers.get(storedHeader)).toBe('2026-11-21T10:00:00.000Z');
    await expect(ask('devices')).rejects.toThrow('network');
  });

  it('keeps no refusal', async () => {
    const { ask, settled, kept } = storeOf(Response.json({}, { status: 403 }));
    await ask('houses');
    await settled();
    expect(kept()).toEqual([]);
  });

  it('keeps the session without its token', async () => {
    const { ask, settled } = storeOf(Response.json({ signedIn: true, csrf: 'secret token' }));
    await ask('session');
    await settled();
    expect(await (await ask('session')).json()).toEqual({ signedIn: true, csrf: '' });
  });

  it('has nothing of another account: neither what was stored nor what was on its way', async () => {
    let answer!: (response: Response) => void;
    const { store, ask, settled, kept } = storeOf(
      Response.json([1]),
      new Promise<Response>((resolve) => (answer = resolve)),
    );
    await ask('houses');
    await settled();
    const late = ask('devices');
    await store.forget();
    answer(Response.json([2]));
    await late;
    await settled();
    expect(kept()).toEqual([]);
    await expect(ask('houses')).rejects.toThrow('network');
  });
});

describe('place that a message names', () => {
  it.each([
    ['/devices', '#/devices'],
    ['/#/history/0xab?step=day', '#/history/0xab?step=day'],
    ['#/now', '#/now'],
    [undefined, '#/now'],
    ['', '#/now'],
    ['https://other.example/', '#/now'],
    ['//other.example', '#/now'],
    ['javascript:alert(1)', '#/now'],
  ])('%s', (page, place) => expect(placeOf(page)).toBe(place));
});
