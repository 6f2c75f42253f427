import { describe, expect, it } from 'vitest';
import { placesOf, rowsOf } from '../../src/load/places';

const row = (place: string | null, hour: number, importMwh: string, premises = 5) => ({
  place,
  premises,
  start: new Date(Date.UTC(2026, 10, 21, hour)).toISOString(),
  end: new Date(Date.UTC(2026, 10, 21, hour + 1)).toISOString(),
  importMwh,
  exportMwh: '1',
});

describe('placesOf', () => {
  it('adds the steps of each place, greatest use first, the small ones last', () => {
    const places = placesOf([
      row('North', 0, '2000000'),
      row(null, 0, '99000000', 2),
      row('South', 0, '3000000'),
      row('North', 1, '4000000', 6),
      row('South', 1, '1000000'),
    ]);
    expect(places).toEqual([
      { name: 'North', premises: 6, importMwh: 6_000_000n, exportMwh: 2n, peakWatts: 4000 },
      { name: 'South', premises: 5, importMwh: 4_000_000n, exportMwh: 2n, peakWatts: 3000 },
      { name: null, premises: 2, importMwh: 99_000_000n, exportMwh: 1n, peakWatts: 99_000 },
    ]);
  });

  it('is empty without rows', () => {
    expect(placesOf([])).toEqual([]);
  });
});

describe('rowsOf', () => {
  const rows = [row('North', 0, '2'), row(null, 0, '3'), row('North', 1, '4')];

  it('adds all places up, or takes one', () => {
    expect(rowsOf(rows, undefined).map(({ importMwh, exportMwh }) => [importMwh, exportMwh])).toEqual([
      ['5', '2'],
      ['4', '1'],
    ]);
    expect(rowsOf(rows, 'North').map(({ importMwh }) => importMwh)).toEqual(['2', '4']);
    expect(rowsOf(rows, null).map(({ importMwh }) => importMwh)).toEqual(['3']);
  });
});
