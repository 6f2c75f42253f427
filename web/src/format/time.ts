/** Renders instants in one civil zone and locale. */
export class Clock {
  private readonly time: Intl.DateTimeFormat;
  private readonly exactTime: Intl.DateTimeFormat;
  private readonly day: Intl.DateTimeFormat;

  constructor(zone: string, locale: string) {
    const format = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
    this.time = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    this.exactTime = format({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
    this.day = format({ day: 'numeric', month: 'short' });
  }

  /** `14:32:10`. */
  exact(at: Date): string {
    return this.exactTime.format(at);
  }

  /** `21 Nov, 14:32:10`. */
  dayAndExact(at: Date): string {
    return `${this.day.format(at)}, ${this.exactTime.format(at)}`;
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
