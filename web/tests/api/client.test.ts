import { describe, expect, it, vi } from 'vitest';
import { ApiError, Client, withQuery } from '../../src/api/client';

type Answer = Response | Error;

function clientOf(...answers: Answer[]) {
  const asked: { url: string; init: RequestInit; headers: Headers }[] = [];
  const client = new Client('/api/v1/', (url, init = {}) => {
    asked.push({ url: String(url), init, headers: new Headers(init.headers) });
    const answer = answers.shift() ?? Response.json({});
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  client.csrf = 'token';
  return { client, asked };
}

const problem = (status: number, code: string, headers = {}) =>
  Response.json({ title: 't', detail: 'd', code }, { status, headers });

describe('client', () => {
  it('asks again with the ETag, and takes 304 as what it knows', async () => {
    const { client, asked } = clientOf(
      Response.json({ a: 1 }, { headers: { etag: '"1"' } }),
      new Response(null, { status: 304 }),
    );
    expect(await client.get('x')).toEqual({ a: 1 });
    expect(await client.get('x')).toEqual({ a: 1 });
    expect(asked.map(({ headers }) => headers.get('if-none-match'))).toEqual([null, '"1"']);
  });

  it('forgets answers of another account', async () => {
    const { client, asked } = clientOf(Response.json(1, { headers: { etag: '"1"' } }));
    await client.get('x');
    client.forget();
    await client.get('x');
    expect(asked[1]!.headers.get('if-none-match')).toBeNull();
  });

  it('sends the token with what changes something, and with nothing else', async () => {
    const { client, asked } = clientOf();
    await client.get('x');
    await client.post('x', { a: 1 });
    await client.delete('x');
    expect(asked.map(({ headers }) => headers.get('x-busbar-csrf'))).toEqual([null, 'token', 'token']);
    expect(asked[1]!.init.body).toBe('{"a":1}');
    expect(asked[2]!.init.body).toBeUndefined();
  });

  it.each([
    ['GET', 500, true],
    ['POST', 403, true],
    ['POST', 500, false],
  ])('knows whether %s answered %i changed nothing', async (method, status, certain) => {
    const { client } = clientOf(problem(status, 'SomeCode'));
    const error = (await (method === 'GET' ? client.get('x') : client.post('x')).catch((e: unknown) => e)) as ApiError;
    expect(error).toBeInstanceOf(ApiError);
    expect([error.code, error.status, error.nothingChanged]).toEqual(['SomeCode', status, certain]);
  });

  it('does not claim that nothing was changed when the answer was lost', async () => {
    const { client } = clientOf(new TypeError('network'));
    await expect(client.post('x')).rejects.toMatchObject({ failure: { kind: 'unreachable' }, nothingChanged: false });
  });

  it.each([
    [new Response('<html>', { status: 200 }), { kind: 'unreadable' }],
    [new Response('<html>', { status: 502 }), { kind: 'answered', status: 502, code: '' }],
    [problem(429, 'TooManyTries', { 'retry-after': '7' }), { kind: 'answered', retryAfter: 7 }],
  ])('reads a failure', async (response, failure) => {
    await expect(clientOf(response).client.get('x')).rejects.toMatchObject({ failure });
  });

  it('tries once more when the session has another token, and only once', async () => {
    const { client, asked } = clientOf(problem(403, 'CsrfToken'), problem(403, 'CsrfToken'));
    const refused = vi.fn(() => {
      client.csrf = 'next';
      return Promise.resolve(true);
    });
    client.refused = refused;
    await expect(client.post('x')).rejects.toMatchObject({ code: 'CsrfToken' });
    expect(asked.map(({ headers }) => headers.get('x-busbar-csrf'))).toEqual(['token', 'next']);
  });

  it('leaves an abort by the caller what it is', async () => {
    const { client } = clientOf(new DOMException('', 'AbortError'));
    const gone = new AbortController();
    gone.abort();
    await expect(client.get('x', { signal: gone.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('says when an answer is from the store of this device', async () => {
    const { client } = clientOf(Response.json(1, { headers: { 'x-busbar-stored': '2026-11-21T10:00:00.000Z' } }));
    expect((await client.look('x')).storedAt?.toISOString()).toBe('2026-11-21T10:00:00.000Z');
  });
});

describe('query', () => {
  it('holds what is given', () => {
    expect(withQuery('x', { a: 1, b: undefined, c: null, d: '', e: 'a b&c' })).toBe('x?a=1&e=a+b%26c');
    expect(withQuery('x', {})).toBe('x');
  });
});
