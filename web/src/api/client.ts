import { ApiError, failureOf } from './failure';
import type { Anchor, Community, House } from './types';

export { ApiError, type Failure } from './failure';

const patience = 15_000;
/** Answers remembered with their ETag, so that what did not change is not sent again. */
const mostRemembered = 200;
/** Set by the service worker on an answer that it took from its store: the instant at which the node gave it. */
const storedHeader = 'x-busbar-stored';

export interface Asked {
  signal?: AbortSignal;
  headers?: Record<string, string>;
  /** Milliseconds until the request is given up. */
  patience?: number;
}

export interface Answered<T> {
  body: T;
  /** When the node gave this answer, for one that comes from this device's store because the node cannot be reached. */
  storedAt: Date | null;
}

/** Asks the node. Every failure is an ApiError, save an abort by the caller, which stays an AbortError. */
export class Client {
  /** Sent with every request that changes something; from `GET /session`. */
  csrf = '';
  /** Called when the node says that the session is over, or that its token is another: gives whether to try once more. */
  refused: ((code: string, status: number) => Promise<boolean>) | undefined;
  private readonly remembered = new Map<string, { tag: string; body: unknown }>();

  constructor(
    private readonly base = '/api/v1/',
    private readonly fetcher: typeof fetch = (input, init) => fetch(input, init),
  ) {}

  async get<T>(path: string, asked: Asked = {}): Promise<T> {
    return (await this.ask<T>('GET', path, undefined, asked)).body;
  }

  /** As `get`, and says whether the answer is one from this device's store. */
  look<T>(path: string, asked: Asked = {}): Promise<Answered<T>> {
    return this.ask<T>('GET', path, undefined, asked);
  }

  async post<T>(path: string, body?: unknown, asked: Asked = {}): Promise<T> {
    return (await this.ask<T>('POST', path, body, asked)).body;
  }

  async put<T>(path: string, body?: unknown, asked: Asked = {}): Promise<T> {
    return (await this.ask<T>('PUT', path, body, asked)).body;
  }

  async delete<T>(path: string, body?: unknown, asked: Asked = {}): Promise<T> {
    return (await this.ask<T>('DELETE', path, body, asked)).body;
  }

  /** Forgets every answer: they may be another account's. */
  forget(): void {
    this.remembered.clear();
  }

  private async ask<T>(method: string, path: string, body: unknown, asked: Asked, again = true): Promise<Answered<T>> {
    const known = method === 'GET' ? this.remembered.get(path) : undefined;
    const headers: Record<string, string> = { accept: 'application/json', ...asked.headers };
    if (method !== 'GET') headers['x-busbar-csrf'] = this.csrf;
    if (known !== undefined) headers['if-none-match'] = known.tag;
    if (body !== undefined && typeof body !== 'string') headers['content-type'] = 'application/json';
    const response = await this.send(method, path, headers, body, asked);
    if (response.status === 304 && known !== undefined) return { body: known.body as T, storedAt: null };
    const answer = await read(response, method);
    if (!response.ok) {
      const failure = failureOf(response, answer);
      const error = new ApiError(failure, method);
      const retry = await this.refused?.(error.code, response.status);
      if (retry === true && again) return this.ask<T>(method, path, body, asked, false);
      throw error;
    }
    const storedAt = instant(response.headers.get(storedHeader));
    const tag = response.headers.get('etag');
    if (method === 'GET' && tag !== null && storedAt === null) this.remember(path, tag, answer);
    return { body: answer as T, storedAt };
  }

  private async send(method: string, path: string, headers: Record<string, string>, body: unknown, asked: Asked) {
    const limit = AbortSignal.timeout(asked.patience ?? patience);
    try {
      return await this.fetcher(this.base + path, {
        method,
        headers,
        credentials: 'same-origin',
        signal: asked.signal === undefined ? limit : AbortSignal.any([asked.signal, limit]),
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
    } catch (error) {
      if (asked.signal?.aborted === true) throw error;
      throw new ApiError({ kind: 'unreachable' }, method);
    }
  }

  private remember(path: string, tag: string, body: unknown): void {
    this.remembered.delete(path);
    this.remembered.set(path, { tag, body });
    const oldest = this.remembered.keys().next();
    if (this.remembered.size > mostRemembered && oldest.done !== true) this.remembered.delete(oldest.value);
  }
}

async function read(response: Response, method: string): Promise<unknown> {
  if (response.status === 204) return undefined;
  let text: string;
  try {
    text = await response.text();
  } catch {
    throw new ApiError({ kind: 'unreachable' }, method);
  }
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    if (!response.ok) return undefined;
    throw new ApiError({ kind: 'unreadable' }, method);
  }
}

function instant(text: string | null): Date | null {
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at);
}

/** `path?name=value` of the values that are given. */
export function withQuery(path: string, query: Record<string, string | number | bigint | undefined | null>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length === 0
    ? path
    : `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}

export const client = new Client();

/** The questions that more than one screen asks. */
export const api = {
  community: () => client.get<Community>('community'),
  houses: () => client.get<House[]>('houses'),
  anchors: (limit: number, before?: string, microgrid?: number) =>
    client
      .get<{ items: Anchor[] }>(withQuery('anchors', { limit, cursor: before, microgrid }))
      .then(({ items }) => items),
  /** A proof document, as it came: nothing in it is believed. */
  proof: (meter: string, start: bigint, version?: number) =>
    client.get<unknown>(withQuery(`proofs/${encodeURIComponent(meter)}/${start}`, { version })),
};
