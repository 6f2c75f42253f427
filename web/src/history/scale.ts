/** Ticks of an axis in milliwatt hours, from its lowest to its highest, zero among them. */
export interface Scale {
  low: number;
  high: number;
  ticks: number[];
}

const sizes = [1, 2, 2.5, 5, 10];

/** An axis with about so many round steps that holds `up` above zero and `down` below; both at least 0. */
export function scaleOf(up: number, down: number, about = 4): Scale {
  const range = Math.max(up + down, 1000);
  const rough = range / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (sizes.find((size) => size * power >= rough) ?? 10);
  const above = Math.ceil(up / step);
  const below = Math.ceil(down / step);
  const high = Math.max(above, below === 0 ? 1 : 0);
  const ticks = Array.from({ length: high + below + 1 }, (_, i) => (i - below) * step);
  return { low: -below * step, high: high * step, ticks };
}

/** Decimals of kilowatt hours in which neighbouring ticks differ. */
export function decimalsOf({ ticks }: Scale): number {
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  for (let decimals = 0; decimals < 6; decimals++) {
    const unit = 10 ** (6 - decimals);
    if (Math.abs(step / unit - Math.round(step / unit)) < 1e-9) return decimals;
  }
  return 6;
}
