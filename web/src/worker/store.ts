/* What the service worker keeps of the node's answers, so that the last that was seen can be read offline. */

/** Set on an answer from the store: when the node gave it. */
export const storedHeader = 'x-busbar-stored';

/** Answers that are worth reading later, by the first part of their path. Keys, tokens and codes are never among them. */
const kept = new Set([
  'session',
  'community',
  'now',
  'houses',
  'history',
  'bills',
  'tariffs',
  'devices',
  'members',
  'council',
  'anchors',
  'explorer',
  'load',
  'meters',
]);
/** Kept, while what lies below it, such as the keystore, is not. */
const alone = '/api/v1/account';
const never = /\/(token|csv)(\/|$)|\.csv$/;

/** More days of history than anybody looks at before the next connection. */
export const mostKept = 150;

export function isKept(url: URL, origin: string): boolean {
  if (url.origin !== origin || !url.pathname.startsWith('/api/v1/') || never.test(url.pathname)) return false;
  return url.pathname === alone || kept.has(url.pathname.split('/')[3] ?? '');
}

/** A copy for the store. The session's token is left out: it is of no use offline. */
export async function copyOf(response: Response, path: string, now: Date): Promise<Response> {
  const headers = { 'content-type': 'application/json', [storedHeader]: now.toISOString() };
  if (path !== '/api/v1/session') return new Response(await response.blob(), { headers });
  const body = (await response.json()) as Record<string, unknown>;
  return Response.json({ ...body, csrf: '' }, { headers });
}

/** The data that is kept, and forgotten when another account comes. */
export class DataStore {
  /** Grows when everything is forgotten: what was asked for before is not stored after. */
  private generation = 0;

  constructor(
    private readonly name: string,
    private readonly caches: CacheStorage,
    private readonly fetcher: (request: Request) => Promise<Response>,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** The node's answer, else the last one that it gave. Rejects when there is neither. */
  async answer(request: Request, later: (work: Promise<unknown>) => void): Promise<Response> {
    const { generation } = this;
    let response: Response;
    try {
      response = await this.fetcher(request);
    } catch (error) {
      const stored = await (await this.caches.open(this.name)).match(request.url);
      if (stored === undefined || generation !== this.generation) throw error;
      return stored;
    }
    if (response.status === 200) later(this.keep(request.url, response.clone(), generation));
    else if (response.status === 304) later(this.touch(request.url, generation));
    return response;
  }

  async forget(): Promise<void> {
    this.generation++;
    await this.caches.delete(this.name);
  }

  private async keep(url: string, response: Response, generation: number): Promise<void> {
    const copy = await copyOf(response, new URL(url).pathname, this.now());
    const cache = await this.caches.open(this.name);
    if (generation !== this.generation) return;
    // Deleted first, so that the order of the keys is the order of the last use.
    await cache.delete(url);
    await cache.put(url, copy);
    if (generation !== this.generation) return this.forget();
    const keys = await cache.keys();
    for (const key of keys.slice(0, Math.max(0, keys.length - mostKept))) await cache.delete(key);
  }

  private async touch(url: string, generation: number): Promise<void> {
    const stored = await (await this.caches.open(this.name)).match(url);
    if (stored !== undefined) await this.keep(url, stored, generation);
  }
}
