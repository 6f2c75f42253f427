/** Lengths of intervals in minutes that the ledger takes. */
const lengths = [1, 5, 15, 30, 60];

/** The lengths whose intervals begin on the zone's own hours: those that divide its offset, in winter and in summer. */
export function intervalsFor(zone: string, year: number): number[] {
  const offsets = [0, 6].map((month) => offsetMinutes(zone, new Date(Date.UTC(year, month, 1))));
  return lengths.filter((length) => offsets.every((offset) => offset % length === 0));
}

function offsetMinutes(zone: string, at: Date): number {
  const name = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value;
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name ?? '');
  if (match === null) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

export interface CommunityDraft {
  code: string;
  name: string;
  zone: string;
  intervalMinutes: number;
  microgrids: string[];
}

export interface CommunityFaults {
  code?: true;
  name?: true;
  /** The microgrids, by their place, whose name is empty, too long or there twice. */
  microgrids: Set<number>;
}

const longest = 64;

/** What is wrong with a community's form; no fault and no microgrid in the set when nothing is. */
export function communityFaults({ code, name, microgrids }: CommunityDraft): CommunityFaults {
  const names = microgrids.map((microgrid) => microgrid.trim().toLocaleLowerCase());
  const wrong = names.flatMap((microgrid, i) =>
    microgrid === '' || microgrid.length > longest || names.indexOf(microgrid) !== i ? [i] : [],
  );
  return {
    ...(code.trim().length < 4 || code.trim().length > 100 ? { code: true } : {}),
    ...(name.trim() === '' || name.trim().length > longest ? { name: true } : {}),
    microgrids: new Set(wrong),
  };
}

export function isRight(faults: CommunityFaults): boolean {
  return faults.code === undefined && faults.name === undefined && faults.microgrids.size === 0;
}

/** What the node is asked to set up, without its owner. */
export function communityOf({ code, name, zone, intervalMinutes, microgrids }: CommunityDraft) {
  return {
    code: code.trim(),
    name: name.trim(),
    zone,
    intervalMinutes,
    microgrids: microgrids.map((microgrid, i) => ({ id: i + 1, name: microgrid.trim() })),
  };
}

/** Zones that browsers still call by names of before; nobody looks for his own under these. */
const renamed: Record<string, string> = {
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Godthab': 'America/Nuuk',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
};

const present = (zone: string) => renamed[zone] ?? zone;

/** The zone of this browser. */
export function ownZone(): string {
  return present(Intl.DateTimeFormat().resolvedOptions().timeZone);
}

/** The zones to choose from, the browser's own first. Browsers leave out UTC in what they know. */
export function zonesOf(): string[] {
  return [...new Set([ownZone(), 'UTC', ...Intl.supportedValuesOf('timeZone').map(present).sort()])];
}
