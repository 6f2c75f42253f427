const together = 6;

/**
 * Asks for the token of each meter, a few at a time, telling how many are there. Ends with the first failure, or when
 * it is given up, with an AbortError.
 */
export async function tokensOf(
  meters: readonly string[],
  ask: (meter: string, signal: AbortSignal) => Promise<string>,
  signal: AbortSignal,
  tell: (done: number) => void,
): Promise<Map<string, string>> {
  const tokens = new Map<string, string>();
  const failure = new AbortController();
  const both = AbortSignal.any([signal, failure.signal]);
  let next = 0;
  const work = async () => {
    while (next < meters.length) {
      both.throwIfAborted();
      const meter = meters[next++]!;
      tokens.set(meter, await ask(meter, both));
      tell(tokens.size);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(together, meters.length) }, work));
  } catch (error) {
    failure.abort();
    throw error;
  }
  return tokens;
}
