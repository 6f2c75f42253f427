import { describe, expect, it } from 'vitest';
import type { HistoryRow } from '../../src/api/screens';
import { barsOf, compare, outsideBars, percentOf } from '../../src/history/bars';
import { decimalsOf, scaleOf } from '../../src/history/scale';

const at = (hour: number) => new Date(Date.UTC(2026, 10, 21, hour));
const slots = Array.from({ length: 6 }, (_, i) => ({ start: at(i), end: at(i + 1) }));
const row = (hour: number, importMwh: string, more: Partial<HistoryRow> = {}): HistoryRow => ({
  start: at(hour).toISOString(),
  end: at(hour + 1).toISOString(),
  importMwh,
  exportMwh: '0',
  complete: true,
  estimated: false,
  marks: [],
  ...more,
});

describe('barsOf', () => {
  it('marks what is measured, estimated, known in part, missing and not over', () => {
    const rows = [row(0, '5'), row(1, '6', { estimated: true }), row(3, '2', { complete: false })];
    const bars = barsOf(slots, rows, at(4));
    expect(bars.map(({ knowledge }) => knowledge)).toEqual([
      'measured',
      'estimated',
      'missing',
      'partial',
      'ahead',
      'ahead',
    ]);
    expect(bars.map(({ importMwh }) => importMwh)).toEqual([5n, 6n, 0n, 2n, 0n, 0n]);
  });

  it('takes an empty incomplete row for missing, and the running bar for not over', () => {
    const nothing = { complete: false };
    const bars = barsOf(slots.slice(0, 2), [row(0, '0', nothing), row(1, '0', nothing)], new Date(at(1).getTime() + 1));
    expect(bars.map(({ knowledge }) => knowledge)).toEqual(['missing', 'ahead']);
  });

  it('keeps energies exact beyond the numbers of JavaScript', () => {
    expect(barsOf(slots.slice(0, 1), [row(0, '9007199254740993')], at(9))[0]!.importMwh).toBe(9007199254740993n);
  });
});

describe('outsideBars', () => {
  it('is what the registers counted and no bar holds', () => {
    const bars = barsOf(slots, [row(0, '5'), row(2, '7')], at(6));
    const total = { importMwh: '20', exportMwh: '0', fromRegister: null, toRegister: null };
    expect(outsideBars(total, bars)).toEqual({ importMwh: 8n, exportMwh: 0n });
  });
});

describe('compare', () => {
  it('holds only bars against each other that are over and known in both', () => {
    const present = barsOf(slots, [row(0, '10'), row(1, '20'), row(3, '5', { complete: false })], at(3));
    const before = barsOf(slots, [row(0, '8'), row(1, '1'), row(2, '99'), row(3, '99')], at(9));
    expect(compare(present, before)).toEqual({
      present: { importMwh: 30n, exportMwh: 0n },
      before: { importMwh: 9n, exportMwh: 0n },
      bars: 2,
    });
    expect(compare(present, barsOf(slots, [], at(9)))).toBeNull();
  });

  it('says the change in percent, unless there was nothing', () => {
    expect(percentOf(110n, 100n)).toBe(10);
    expect(percentOf(50n, 200n)).toBe(-75);
    expect(percentOf(1n, 0n)).toBeNull();
  });
});

describe('scaleOf', () => {
  it('holds both sides of zero in round steps', () => {
    const scale = scaleOf(3_300_000, 1_200_000);
    expect(scale.high).toBeGreaterThanOrEqual(3_300_000);
    expect(scale.low).toBeLessThanOrEqual(-1_200_000);
    expect(scale.ticks).toContain(0);
    expect(scale.ticks.length).toBeLessThanOrEqual(7);
  });

  it('has an axis when there is nothing to show', () => {
    expect(scaleOf(0, 0).high).toBeGreaterThan(0);
    expect(scaleOf(0, 0).ticks).toContain(0);
  });

  it('labels ticks with the decimals that tell them apart', () => {
    expect(decimalsOf({ low: 0, high: 0, ticks: [0, 1_000_000] })).toBe(0);
    expect(decimalsOf({ low: 0, high: 0, ticks: [0, 250_000] })).toBe(2);
    expect(decimalsOf({ low: 0, high: 0, ticks: [0, 500] })).toBe(4);
  });
});
