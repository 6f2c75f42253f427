import { addDays, parseDate, type Zone } from '../history/zone';

export interface GuestDraft {
  premises: string;
  name: string;
  canSwitch: boolean;
  /** The last day, or empty. */
  until: string;
}

export interface GuestRequest {
  premises: string;
  name: string;
  canSwitch: boolean;
  until: string | null;
}

const longestName = 60;

/** What the node is asked for, or what is wrong in which field. A guest may look until the end of the day named. */
export function readGuest(
  draft: GuestDraft,
  zone: Zone,
  now: Date,
): { guest: GuestRequest } | { faults: { name?: true; until?: true } } {
  const faults: { name?: true; until?: true } = {};
  const name = draft.name.trim();
  if (name === '' || name.length > longestName) faults.name = true;
  const day = draft.until === '' ? null : parseDate(draft.until);
  const end = day === null ? null : zone.startOf(addDays(day, 1));
  if (draft.until !== '' && (end === null || end <= now)) faults.until = true;
  if (faults.name || faults.until) return { faults };
  return {
    guest: { premises: draft.premises, name, canSwitch: draft.canSwitch, until: end?.toISOString() ?? null },
  };
}

/** Where the guest makes their account with the code. It stands behind the `#`, which no browser sends to any server. */
export function invitationLink(origin: string, code: string): string {
  return `${origin}/#/session/invitation/${encodeURIComponent(code)}`;
}
