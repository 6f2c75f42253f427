import type { LoadRow } from '../api/screens';

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
