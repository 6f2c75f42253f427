export type Direction = 'takes' | 'gives' | 'rests' | 'unknown';

/** The way that a power goes, said from the house: import is positive and taken, export is negative and given. */
export function directionOf(watts: number | null): Direction {
  if (watts === null || !Number.isFinite(watts)) return 'unknown';
  const rounded = Math.round(watts);
  return rounded === 0 ? 'rests' : rounded > 0 ? 'takes' : 'gives';
}

/** The size of a power without its sign, as number and unit: `230`, `W`. */
export function powerParts(watts: number): { number: string; unit: string } {
  const size = Math.abs(watts);
  if (size < 999.5) return { number: size.toFixed(0), unit: 'W' };
  if (size < 999_500) return { number: (size / 1000).toFixed(size < 99_995 ? 2 : 1), unit: 'kW' };
  return { number: (size / 1_000_000).toFixed(2), unit: 'MW' };
}

/** The size of a power without its sign: `230 W`, `3.21 kW`. */
export function powerSize(watts: number): string {
  const { number, unit } = powerParts(watts);
  return `${number} ${unit}`;
}

const steps = [1, 2, 5];

/** The end of a bar that holds a power: the next of 500 W, 1, 2, 5, 10, 20, 50 kW and so on. */
export function barEnd(watts: number): number {
  let end = 500;
  for (let i = 0; end < watts && end < 1e12; i++) end = steps[i % 3]! * 1000 * 10 ** Math.floor(i / 3);
  return end;
}
