import type { Anchor, Block, Community, House } from './types';

/** Why the node's answer could not be had. */
export type Failure =
  { kind: 'unreachable' } | { kind: 'answered'; status: number; title: string } | { kind: 'unreadable' };

export class ApiError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.kind);
  }
}

const patience = 15_000;

async function get(path: string): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(patience),
    });
  } catch {
    throw new ApiError({ kind: 'unreachable' });
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const { title, detail } = (body ?? {}) as { title?: string; detail?: string };
    throw new ApiError({ kind: 'answered', status: response.status, title: detail ?? title ?? response.statusText });
  }
  if (body === undefined) throw new ApiError({ kind: 'unreadable' });
  return body;
}

/** The node's API. Every failure is an ApiError. */
export const api = {
  community: () => get('community') as Promise<Community>,
  houses: () => get('houses') as Promise<House[]>,
  blocks: (limit: number, below?: number | string) =>
    get(`blocks?limit=${limit}${below === undefined ? '' : `&below=${below}`}`) as Promise<Block[]>,
  anchors: (limit: number, before?: string, microgrid?: number) =>
    get(
      `anchors?limit=${limit}${before === undefined ? '' : `&before=${encodeURIComponent(before)}`}${microgrid === undefined ? '' : `&microgrid=${microgrid}`}`,
    ) as Promise<Anchor[]>,
  /** A proof document, as it came: nothing in it is believed. */
  proof: (meter: string, start: bigint, version?: number) =>
    get(`proofs/${encodeURIComponent(meter)}/${start}${version === undefined ? '' : `?version=${version}`}`),
};
