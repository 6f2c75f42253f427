/** A price axis from a round number at or below the lowest to one at or above the highest. */
export interface PriceScale {
  low: number;
  high: number;
  ticks: number[];
}

const sizes = [1, 2, 2.5, 5, 10];

/** About so many round steps of coins that hold both prices; never of no height. */
export function priceScale(lowest: number, highest: number, about = 3): PriceScale {
  const range = Math.max(highest - lowest, highest * 0.1, 1e-12);
  const rough = range / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (sizes.find((size) => size * power >= rough * 0.999) ?? 10);
  const first = Math.max(0, Math.floor(lowest / step - 0.25));
  const last = Math.max(first + 1, Math.ceil(highest / step + 0.25));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  return { low: ticks[0]!, high: ticks.at(-1)!, ticks };
}
