import { describe, expect, it } from 'vitest';
import { slotsOf, spanOf } from '../../src/history/span';
import { labelled, SpanTitles } from '../../src/history/titles';
import { parseDate, Zone } from '../../src/history/zone';

const zone = new Zone('Asia/Kolkata');
const titles = new SpanTitles('Asia/Kolkata', 'en-GB');
const of = (step: Parameters<typeof spanOf>[0]) => {
  const span = spanOf(step, parseDate('2026-11-21')!);
  return { span, slots: slotsOf(span, zone, 15) };
};

describe('SpanTitles', () => {
  it('names stretches and bars in the zone of the community', () => {
    const named = (step: Parameters<typeof spanOf>[0], bar: number) => {
      const { span, slots } = of(step);
      const said = [titles.span(span, slots), titles.slot(span, slots[bar]!), titles.tick(span, slots[bar]!)];
      // Versions of ICU differ in their commas.
      return said.map((text) => text.replaceAll(',', ''));
    };
    expect(named('interval', 1)).toEqual(['Saturday 21 November 2026', '00:15–00:30', '00:15']);
    expect(named('day', 20)).toEqual(['November 2026', 'Sat 21 Nov', '21']);
    expect(named('month', 10)).toEqual(['2026', 'November', 'Nov']);
    expect(named('year', 9)).toEqual(['2017–2026', '2026', '2026']);
  });
});

describe('labelled', () => {
  it('labels whole hours of a day, as many as fit', () => {
    const { span, slots } = of('interval');
    expect(labelled(span, slots, 8)).toEqual([0, 12, 24, 36, 48, 60, 72, 84]);
    expect(labelled(span, slots, 4)).toEqual([0, 24, 48, 72]);
    expect(labelled(of('hour').span, of('hour').slots, 4)).toEqual([0, 6, 12, 18]);
  });

  it('never labels more than fit', () => {
    for (const step of ['interval', 'hour', 'day', 'month', 'year'] as const)
      for (const fit of [1, 3, 6, 12])
        expect(labelled(of(step).span, of(step).slots, fit).length).toBeLessThanOrEqual(fit);
  });

  it('has nothing to label without bars', () => {
    expect(labelled(of('day').span, [], 5)).toEqual([]);
  });
});
