/** Renders instants in one civil zone and locale. */
export class Clock {
  private readonly time: Intl.DateTimeFormat;
  private readonly exactTime: Intl.DateTimeFormat;
  private readonly day: Intl.DateTimeFormat;

  private readonly fullDay: Intl.DateTimeFormat;
  private readonly relative: Intl.RelativeTimeFormat;

  constructor(
    readonly zone: string,
    locale: string,
  ) {
    const format = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
    this.time = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    this.exactTime = format({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
    this.day = format({ day: 'numeric', month: 'short' });
    this.fullDay = format({ day: 'numeric', month: 'short', year: 'numeric' });
    this.relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  }

  /** `14:32:10`. */
  exact(at: Date): string {
    return this.exactTime.format(at);
  }

  /** `21 Nov, 14:32:10`. */
  dayAndExact(at: Date): string {
    return `${this.day.format(at)}, ${this.exactTime.format(at)}`;
  }

  /** `14:32`. */
  minute(at: Date): string {
    return this.time.format(at);
  }

  /** `21 Nov 2026`. */
  date(at: Date): string {
    return this.fullDay.format(at);
  }

  /** `21 Nov 2026, 14:32:10`. */
  full(at: Date): string {
    return `${this.fullDay.format(at)}, ${this.exactTime.format(at)}`;
  }

  /** `3 minutes ago`, `in 2 days`: the largest unit that is not zero. */
  ago(at: Date, now: Date): string {
    const seconds = (at.getTime() - now.getTime()) / 1000;
    const units = [
      ['day', 86_400],
      ['hour', 3_600],
      ['minute', 60],
    ] as const;
    const unit = units.find(([, size]) => Math.abs(seconds) >= size);
    return unit === undefined
      ? this.relative.format(Math.trunc(seconds), 'second')
      : this.relative.format(Math.trunc(seconds / unit[1]), unit[0]);
  }

  /** `14:32:10` on the same civil day as another instant, else `20 Nov, 14:32:10`. */
  relativeTo(at: Date, now: Date): string {
    return this.day.format(at) === this.day.format(now) ? this.exact(at) : this.dayAndExact(at);
  }

  /** `21 Nov, 14:15–14:30`; across midnight too, since an interval is half-open. */
  interval(start: Date, minutes: number): string {
    const end = new Date(start.getTime() + minutes * 60_000);
    return `${this.day.format(start)}, ${this.time.format(start)}–${this.time.format(end)}`;
  }
}
