import { describe, expect, it } from 'vitest';
import { anchorOf, neighbour, slotsOf, spanOf, steps } from '../../src/history/span';
import { dateText, parseDate, Zone } from '../../src/history/zone';

const india = new Zone('Asia/Kolkata');
const berlin = new Zone('Europe/Berlin');
const span = (step: Parameters<typeof spanOf>[0], text: string) => spanOf(step, parseDate(text)!);

describe('spanOf', () => {
  it('shows a day in intervals or hours, a month in days, a year in months', () => {
    expect(slotsOf(span('interval', '2026-11-21'), india, 15)).toHaveLength(96);
    expect(slotsOf(span('hour', '2026-11-21'), india, 15)).toHaveLength(24);
    expect(slotsOf(span('day', '2026-02-14'), india, 15)).toHaveLength(28);
    expect(slotsOf(span('month', '2026-02-14'), india, 15)).toHaveLength(12);
    expect(slotsOf(span('year', '2026-02-14'), india, 15)).toHaveLength(10);
  });

  it('has 92 and 100 quarters when clocks change', () => {
    expect(slotsOf(span('interval', '2026-03-29'), berlin, 15)).toHaveLength(92);
    expect(slotsOf(span('interval', '2026-10-25'), berlin, 15)).toHaveLength(100);
    expect(slotsOf(span('hour', '2026-10-25'), berlin, 15)).toHaveLength(25);
  });

  it('leaves no hole and no overlap between bars', () => {
    for (const step of steps) {
      const slots = slotsOf(span(step, '2026-10-25'), berlin, 15);
      for (const [i, slot] of slots.entries()) if (i > 0) expect(slot.start).toEqual(slots[i - 1]!.end);
    }
  });

  it('steps back and forward to where it was', () => {
    for (const step of steps) {
      const here = span(step, '2026-01-31');
      expect(neighbour(neighbour(here, -1), 1)).toEqual(here);
      expect(neighbour(here, -1).after).toEqual(here.first);
      expect(spanOf(step, anchorOf(here))).toEqual(here);
    }
  });

  it('ends ten years with the year asked for', () => {
    expect(dateText(span('year', '2026-05-05').first)).toBe('2017-01-01');
  });
});
