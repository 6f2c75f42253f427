/** The methods that change nothing. Of every other one a lost answer leaves open whether it was carried out. */
const safe = new Set(['GET', 'HEAD']);

/** Why the node's answer could not be had. */
export type Failure =
  | { kind: 'unreachable' }
  | { kind: 'answered'; status: number; code: string; title: string; detail: string; retryAfter: number | null }
  | { kind: 'unreadable' };

export class ApiError extends Error {
  constructor(
    readonly failure: Failure,
    readonly method = 'GET',
  ) {
    super(failure.kind === 'answered' ? `${failure.status} ${failure.code} ${failure.title}` : failure.kind);
  }

  /** The node's stable name of its refusal; empty when there was no answer. */
  get code(): string {
    return this.failure.kind === 'answered' ? this.failure.code : '';
  }

  get status(): number {
    return this.failure.kind === 'answered' ? this.failure.status : 0;
  }

  /** Whether it is certain that nothing was changed. */
  get nothingChanged(): boolean {
    return safe.has(this.method) || (this.failure.kind === 'answered' && this.failure.status < 500);
  }
}

/** Reads ProblemDetails; what is missing in it is taken from the status. */
export function failureOf(response: Response, body: unknown): Failure {
  const problem = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const text = (name: string) => (typeof problem[name] === 'string' ? problem[name] : '');
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return {
    kind: 'answered',
    status: response.status,
    code: text('code'),
    title: text('title') || response.statusText,
    detail: text('detail'),
    retryAfter: Number.isFinite(seconds) ? seconds : null,
  };
}
