/** The words of the units of time, for a count of them. */
export type Units = Record<'day' | 'hour' | 'minute' | 'second', (count: number) => string>;

const lengths = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** Seconds in the largest unit of which they are a whole number. */
export function spanOf(seconds: number, units: Units): string {
  const [unit, length] = lengths.find(([, length]) => seconds % length === 0)!;
  return units[unit](seconds / length);
}

/** A day that has no time, as the reader writes days. */
export function dayOf(day: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}

/** A day of each year, given as month and day. */
export function dayOfYear(day: string, locale: string): string {
  // A leap year has every day there is.
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    new Date(`2024-${day}T00:00:00Z`),
  );
}

/** Hours such as `22:00-06:00` as parts of a day, each with its first and last place between 0 and 1; over midnight they are two. */
export function partsOf(hours: string): { from: number; to: number }[] {
  const match = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(hours);
  if (match === null) return [];
  const [, h1, m1, h2, m2] = match.map(Number);
  const [from, to] = [(h1! * 60 + m1!) / 1440, (h2! * 60 + m2!) / 1440];
  return from < to
    ? [{ from, to }]
    : [
        { from: 0, to },
        { from, to: 1 },
      ].filter((part) => part.from < part.to);
}
