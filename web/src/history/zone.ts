/** A day of the civil calendar; months count from 1. */
export interface CivilDate {
  year: number;
  month: number;
  day: number;
}

const minute = 60_000;
const halfDay = 720 * minute;

/** The civil calendar of one IANA zone. */
export class Zone {
  private readonly format: Intl.DateTimeFormat;

  constructor(readonly id: string) {
    const two = '2-digit';
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: id,
      calendar: 'gregory',
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
      hourCycle: 'h23',
    });
  }

  /** The civil day in which an instant lies. */
  dayOf(at: Date): CivilDate {
    const wall = new Date(this.wallOf(at.getTime()));
    return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() };
  }

  /** The first instant of a civil day, also where clocks change at midnight. */
  startOf(date: CivilDate): Date {
    const wall = asUtc(date);
    // Noon is far from every change of clocks; midnight is looked for from there.
    const noon = wall + halfDay - this.offsetAt(wall + halfDay);
    let at = wall - this.offsetAt(noon - halfDay);
    while (this.wallOf(at) < wall) at += 15 * minute;
    while (this.wallOf(at - 15 * minute) >= wall && at > noon - 2 * halfDay) at -= 15 * minute;
    return new Date(at);
  }

  private offsetAt(at: number): number {
    return this.wallOf(at) - at;
  }

  private wallOf(at: number): number {
    const part = Object.fromEntries(this.format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(part['year']!, part['month']! - 1, part['day'], part['hour'], part['minute'], part['second']);
  }
}

/** A civil day some days away. */
export function addDays({ year, month, day }: CivilDate, days: number): CivilDate {
  return ofUtc(new Date(Date.UTC(year, month - 1, day + days)));
}

/** The first day of a month some months away. */
export function addMonths({ year, month }: CivilDate, months: number): CivilDate {
  return ofUtc(new Date(Date.UTC(year, month - 1 + months, 1)));
}

/** `2026-11-21`. */
export function dateText({ year, month, day }: CivilDate): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** The day that a text of the form `2026-11-21` names; null when there is none. */
export function parseDate(text: string): CivilDate | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return null;
  const date = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  return date.year >= 1970 && dateText(ofUtc(new Date(asUtc(date)))) === text ? date : null;
}

function asUtc({ year, month, day }: CivilDate): number {
  return Date.UTC(year, month - 1, day);
}

function ofUtc(at: Date): CivilDate {
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}
