import type { House, Premises } from '../api/types';

/** What a history is of: premises with all their meters, or one meter. */
export interface Subject {
  kind: 'premises' | 'meter';
  id: string;
  name: string;
}

/** What the reader may look at: own premises first, then every meter that the node lets them see. */
export function subjectsOf(premises: readonly Premises[], houses: readonly House[]): Subject[] {
  const own = premises.map(({ id, name }): Subject => ({ kind: 'premises', id, name }));
  const meters = houses.map(({ meter, name }): Subject => ({ kind: 'meter', id: meter, name }));
  return [...own, ...meters];
}

/** The subject that a link names, else the first; an address that is not listed is asked for all the same. */
export function chosenSubject(subjects: readonly Subject[], id: string | undefined): Subject | null {
  if (id === undefined || id === '-' || id === '') return subjects[0] ?? null;
  const known = subjects.find((subject) => subject.id.toLowerCase() === id.toLowerCase());
  if (known !== undefined) return known;
  return { kind: /^0x[0-9a-f]{40}$/i.test(id) ? 'meter' : 'premises', id, name: id };
}
