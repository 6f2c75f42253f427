export interface Left {
  /** The two largest units that are not zero, as numbers. */
  days: number;
  hours: number;
  minutes: number;
  seconds: number;
}

/** A length of time in its units. */
export function unitsOf(seconds: number): Left {
  return {
    days: Math.floor(seconds / 86_400),
    hours: Math.floor(seconds / 3600) % 24,
    minutes: Math.floor(seconds / 60) % 60,
    seconds: seconds % 60,
  };
}

/** The time until an instant in whole seconds; null when it has come, or the present is not known. */
export function timeLeft(end: string, now: Date | null): Left | null {
  if (now === null) return null;
  const seconds = Math.ceil((Date.parse(end) - now.getTime()) / 1000);
  return seconds > 0 ? unitsOf(seconds) : null;
}

/** `2 d 3 h`, `1 h 04 min`, `12 min 05 s`, `9 s`: the two largest units, the smaller one with two digits, none when it is zero. */
export function leftText(
  { days, hours, minutes, seconds }: Left,
  units: readonly [string, string, string, string],
): string {
  const [d, h, min, s] = units;
  const two = (large: number, unit: string, small: number, smaller: string) =>
    small === 0 ? `${large} ${unit}` : `${large} ${unit} ${String(small).padStart(2, '0')} ${smaller}`;
  if (days > 0) return two(days, d, hours, h);
  if (hours > 0) return two(hours, h, minutes, min);
  return minutes > 0 ? two(minutes, min, seconds, s) : `${seconds} ${s}`;
}

/** The first of some instants that is still to come, in milliseconds; null for none. */
export function nextOf(instants: readonly (string | null | undefined)[], now: Date): number | null {
  const ahead = instants.flatMap((at) => (at ? [Date.parse(at)] : [])).filter((at) => at > now.getTime());
  return ahead.length === 0 ? null : Math.min(...ahead);
}
