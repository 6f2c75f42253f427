import type { Step } from '../api/screens';
import { addDays, addMonths, type CivilDate, type Zone } from './zone';

export const steps: readonly Step[] = ['interval', 'hour', 'day', 'month', 'year'];

/** Years shown together. */
const decade = 10;

/** A stretch of time on the screen, from the first instant of one civil day to that of another. */
export interface Span {
  step: Step;
  first: CivilDate;
  /** The day after the last. */
  after: CivilDate;
}

/** One bar's stretch: half-open. */
export interface Slot {
  start: Date;
  end: Date;
}

/** The stretch that shows a day at a step: a day in intervals or hours, a month in days, a year in months, ten years. */
export function spanOf(step: Step, date: CivilDate): Span {
  if (step === 'interval' || step === 'hour') return { step, first: date, after: addDays(date, 1) };
  const january = { year: date.year, month: 1, day: 1 };
  if (step === 'day') return { step, first: { ...date, day: 1 }, after: addMonths(date, 1) };
  if (step === 'month') return { step, first: january, after: { ...january, year: date.year + 1 } };
  const year = Math.max(1970, date.year - decade + 1);
  return { step, first: { ...january, year }, after: { ...january, year: year + decade } };
}

/** The stretch before (-1) or after (1). */
export function neighbour({ step, first, after }: Span, way: -1 | 1): Span {
  if (step === 'interval' || step === 'hour') return spanOf(step, addDays(first, way));
  if (step === 'day') return spanOf(step, addMonths(first, way));
  if (step === 'month') return spanOf(step, { ...first, year: first.year + way });
  return spanOf(step, { ...after, year: after.year - 1 + way * decade });
}

/** The day that stands for the stretch in a link. */
export function anchorOf({ step, first, after }: Span): CivilDate {
  return step === 'year' ? { ...after, year: after.year - 1 } : first;
}

/** The step that shows one bar of this step in its parts; null when there is nothing finer than a day's intervals. */
export function finer(step: Step): Step | null {
  return step === 'year' ? 'month' : step === 'month' ? 'day' : step === 'day' ? 'interval' : null;
}

/** Every bar's stretch, in order and without a hole: a day when clocks change has 92 or 100 quarters. */
export function slotsOf(span: Span, zone: Zone, intervalMinutes: number): Slot[] {
  const slots: Slot[] = [];
  if (span.step === 'interval' || span.step === 'hour') {
    const length = (span.step === 'hour' ? 60 : intervalMinutes) * 60_000;
    const end = zone.startOf(span.after).getTime();
    for (let at = zone.startOf(span.first).getTime(); at < end; at += length)
      slots.push({ start: new Date(at), end: new Date(Math.min(at + length, end)) });
    return slots;
  }
  const months = span.step === 'month' ? 1 : 12;
  const next = (date: CivilDate) => (span.step === 'day' ? addDays(date, 1) : addMonths(date, months));
  const last = zone.startOf(span.after).getTime();
  for (let date = span.first, start = zone.startOf(date); start.getTime() < last;) {
    date = next(date);
    const end = zone.startOf(date);
    slots.push({ start, end });
    start = end;
  }
  return slots;
}
