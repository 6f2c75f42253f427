/** How often what no event tells is asked for again while something changes. */
const often = 10_000;

/** Does something at most once in ten seconds, however often it is called: for lists that the stream does not carry. */
export function newly(act: () => void, now: () => number = () => performance.now()): () => void {
  let last = now();
  return () => {
    if (now() - last < often) return;
    last = now();
    act();
  };
}
