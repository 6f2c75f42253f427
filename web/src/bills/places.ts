import type { House, Premises } from '../api/types';

/** Premises whose bills the reader may see. */
export interface Place {
  id: string;
  name: string;
  own: boolean;
}

/** Own premises first, then every other one that has a house which the node shows the reader. */
export function placesOf(premises: readonly Premises[], houses: readonly House[]): Place[] {
  const places = new Map<string, Place>();
  for (const { id, name } of premises) places.set(id.toLowerCase(), { id, name, own: true });
  for (const { premises: id, name } of houses) {
    if (/^0x0+$/.test(id) || places.has(id.toLowerCase())) continue;
    places.set(id.toLowerCase(), { id, name, own: false });
  }
  return [...places.values()];
}

/** The place that a link names, else the first; one that is not listed is asked for all the same. */
export function chosenPlace(places: readonly Place[], id: string | undefined): Place | null {
  if (id === undefined || id === '' || id === '-') return places[0] ?? null;
  return places.find((place) => place.id.toLowerCase() === id.toLowerCase()) ?? { id, name: id, own: false };
}
