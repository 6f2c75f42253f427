import type { Slot, Span } from './span';

/** Words for stretches of time in one zone and locale. */
export class SpanTitles {
  private readonly format: (options: Intl.DateTimeFormatOptions) => Intl.DateTimeFormat;

  constructor(zone: string, locale: string) {
    this.format = (options) => new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
  }

  /** `Saturday, 21 November 2026`, `November 2026`, `2026`, `2017–2026`. */
  span({ step }: Span, slots: readonly Slot[]): string {
    const [first, last] = [slots[0], slots.at(-1)];
    if (first === undefined || last === undefined) return '';
    if (step === 'interval' || step === 'hour') return this.format({ dateStyle: 'full' }).format(first.start);
    if (step === 'day') return this.format({ month: 'long', year: 'numeric' }).format(first.start);
    const year = this.format({ year: 'numeric' });
    return step === 'month' ? year.format(first.start) : `${year.format(first.start)}–${year.format(last.start)}`;
  }

  /** One bar: `14:15–14:30`, `Sat 21 Nov`, `November`, `2026`. */
  slot({ step }: Span, { start, end }: Slot): string {
    if (step === 'interval' || step === 'hour') {
      const time = this.format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
      return `${time.format(start)}–${time.format(end)}`;
    }
    if (step === 'day') return this.format({ weekday: 'short', day: 'numeric', month: 'short' }).format(start);
    return this.format(step === 'month' ? { month: 'long' } : { year: 'numeric' }).format(start);
  }

  /** The short form under the axis. */
  tick({ step }: Span, { start }: Slot): string {
    if (step === 'interval' || step === 'hour')
      return this.format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(start);
    if (step === 'day') return this.format({ day: 'numeric' }).format(start);
    return this.format(step === 'month' ? { month: 'short' } : { year: 'numeric' }).format(start);
  }
}

/** Which bars have a label when so many fit: evenly apart, on whole hours of a day. */
export function labelled(span: Span, slots: readonly Slot[], fit: number): number[] {
  if (slots.length === 0 || fit < 1) return [];
  const perHour = span.step === 'interval' ? 3_600_000 / (slots[0]!.end.getTime() - slots[0]!.start.getTime()) : 1;
  const day = span.step === 'interval' || span.step === 'hour';
  const apart = (day ? [1, 2, 3, 4, 6, 12, 24] : [1, 2, 5, 10, 15]).find(
    (count) => slots.length / (count * perHour) <= fit,
  );
  const every = Math.round((apart ?? slots.length) * perHour);
  return slots.flatMap((_, i) => (i % every === 0 ? [i] : []));
}
