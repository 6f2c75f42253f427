import type { HistoryRow, LoadRow } from '../api/screens';

export interface Place {
  /** Null: the places too small to be shown alone, together. */
  name: string | null;
  premises: number;
  importMwh: bigint;
  exportMwh: bigint;
  /** The greatest mean power of one step, in watts taken. */
  peakWatts: number;
}

/** The sums of each place over all steps, greatest use first, what is too small to be shown alone at the end. */
export function placesOf(rows: readonly LoadRow[]): Place[] {
  const places = new Map<string | null, Place>();
  for (const row of rows) {
    const place = places.get(row.place) ?? {
      name: row.place,
      premises: 0,
      importMwh: 0n,
      exportMwh: 0n,
      peakWatts: 0,
    };
    const hours = (Date.parse(row.end) - Date.parse(row.start)) / 3_600_000;
    place.premises = Math.max(place.premises, row.premises);
    place.importMwh += BigInt(row.importMwh);
    place.exportMwh += BigInt(row.exportMwh);
    if (hours > 0) place.peakWatts = Math.max(place.peakWatts, Number(row.importMwh) / 1000 / hours);
    places.set(row.place, place);
  }
  return [...places.values()].sort(
    (a, b) => Number(a.name === null) - Number(b.name === null) || compare(b.importMwh, a.importMwh),
  );
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The rows of one place as those of a history; of all places, added up, when none is chosen. */
export function rowsOf(rows: readonly LoadRow[], place: string | null | undefined): HistoryRow[] {
  const sums = new Map<string, HistoryRow>();
  for (const row of rows) {
    if (place !== undefined && row.place !== place) continue;
    const { start, end } = row;
    const sum = sums.get(start);
    const add = (a: string | undefined, b: string) => (BigInt(a ?? '0') + BigInt(b)).toString();
    sums.set(start, {
      start,
      end,
      importMwh: add(sum?.importMwh ?? undefined, row.importMwh),
      exportMwh: add(sum?.exportMwh ?? undefined, row.exportMwh),
      complete: true,
      estimated: false,
      marks: [],
    });
  }
  return [...sums.values()];
}
