import { describe, expect, it } from 'vitest';
import { addDays, addMonths, dateText, parseDate, Zone } from '../../src/history/zone';

const day = (text: string) => parseDate(text)!;

describe('Zone', () => {
  it('finds the first instant of a day east and west of Greenwich', () => {
    expect(new Zone('Asia/Kolkata').startOf(day('2026-11-21')).toISOString()).toBe('2026-11-20T18:30:00.000Z');
    expect(new Zone('America/New_York').startOf(day('2026-07-01')).toISOString()).toBe('2026-07-01T04:00:00.000Z');
    expect(new Zone('Asia/Kathmandu').startOf(day('2026-01-01')).toISOString()).toBe('2025-12-31T18:15:00.000Z');
  });

  it('knows the days on which clocks change', () => {
    const zone = new Zone('Europe/Berlin');
    const hours = (text: string) =>
      (zone.startOf(addDays(day(text), 1)).getTime() - zone.startOf(day(text)).getTime()) / 3_600_000;
    expect(hours('2026-03-29')).toBe(23);
    expect(hours('2026-10-25')).toBe(25);
    expect(hours('2026-10-26')).toBe(24);
  });

  it('takes the first instant of a day whose midnight does not exist', () => {
    const zone = new Zone('Africa/Cairo');
    const start = zone.startOf(day('2026-04-24'));
    expect(zone.dayOf(start)).toEqual(day('2026-04-24'));
    expect(zone.dayOf(new Date(start.getTime() - 1))).toEqual(day('2026-04-23'));
  });

  it('names the day of an instant', () => {
    expect(dateText(new Zone('Asia/Kolkata').dayOf(new Date('2026-11-20T18:30:00Z')))).toBe('2026-11-21');
    expect(dateText(new Zone('Asia/Kolkata').dayOf(new Date('2026-11-20T18:29:59Z')))).toBe('2026-11-20');
  });
});

describe('Civil days', () => {
  it('add over the ends of months and years', () => {
    expect(dateText(addDays(day('2028-02-28'), 1))).toBe('2028-02-29');
    expect(dateText(addDays(day('2026-01-01'), -1))).toBe('2025-12-31');
    expect(dateText(addMonths(day('2026-12-31'), 1))).toBe('2027-01-01');
  });

  it('are read from text only when they exist', () => {
    expect(parseDate('2026-02-29')).toBeNull();
    expect(parseDate('2026-13-01')).toBeNull();
    expect(parseDate('21 November')).toBeNull();
    expect(parseDate('0099-01-01')).toBeNull();
    expect(parseDate('2028-02-29')).toEqual({ year: 2028, month: 2, day: 29 });
  });
});
