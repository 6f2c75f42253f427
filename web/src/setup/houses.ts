import { parseAddress } from '../community/address';
import { kinds, type Kind } from '../community/deeds';
import type { Hex } from '../proof/bytes';
import { CsvError, parseCsv } from './csv';

/** A house to be put into the directory, with its meter. */
export interface House {
  name: string;
  meter: Hex;
  kind: Kind;
  microgrid: number;
  district: string | null;
  feeder: string | null;
  connectionWatts: number | null;
}

export type Column = keyof House;

export type Fault =
  | 'empty'
  | 'noHeader'
  | 'quote'
  | 'tooMany'
  | 'missing'
  | 'long'
  | 'address'
  | 'checksum'
  | 'kind'
  | 'microgrid'
  | 'watts'
  | 'twice';

/** What is wrong in a line; `other` is the line that has the same meter or name already. */
export interface Problem {
  line: number;
  column: Column | null;
  fault: Fault;
  value?: string;
  other?: number;
}

export const mostHouses = 2000;
const longest = 80;
const mostWatts = 100_000_000;

/** Names of the columns as people write them; letters only, lower case. */
const columnNames: Record<Column, readonly string[]> = {
  name: ['name', 'house', 'premises', 'नाम', 'घर'],
  meter: ['meter', 'address', 'meteraddress', 'key', 'मीटर'],
  kind: ['kind', 'type', 'प्रकार'],
  microgrid: ['microgrid', 'grid', 'transformer', 'माइक्रोग्रिड'],
  district: ['district', 'area', 'ज़िला', 'जिला'],
  feeder: ['feeder', 'फ़ीडर', 'फीडर'],
  connectionWatts: ['connectionwatts', 'watts', 'connection', 'sanctionedload', 'load', 'वाट'],
};

export const header = 'name,meter,kind,microgrid,district,feeder,connection watts';

/**
 * The houses of a table whose first line names the columns, or every problem with its line: all or none. The node judges
 * again; this is to mend a table before it is sent.
 */
export function readHouses(text: string, microgrids: readonly number[]): { houses: House[]; problems: Problem[] } {
  let records;
  try {
    records = parseCsv(text);
  } catch (error) {
    if (error instanceof CsvError) return failed({ line: error.line, column: null, fault: 'quote' });
    throw error;
  }
  const [head, ...rows] = records;
  if (head === undefined) return failed({ line: 1, column: null, fault: 'empty' });
  const columns = head.fields.map(columnOf);
  const lacking = (['name', 'meter'] as const).find((column) => !columns.includes(column));
  if (lacking !== undefined) return failed({ line: head.line, column: lacking, fault: 'noHeader' });
  if (rows.length === 0) return failed({ line: head.line, column: null, fault: 'empty' });
  if (rows.length > mostHouses) return failed({ line: rows[mostHouses]!.line, column: null, fault: 'tooMany' });

  const problems: Problem[] = [];
  const houses: House[] = [];
  const seen = new Map<string, number>();
  for (const { line, fields } of rows) {
    const value = (column: Column) => fields[columns.indexOf(column)] ?? '';
    const { house, problems: found } = readHouse(value, microgrids);
    for (const problem of found) problems.push({ line, ...problem });
    if (house === null) continue;
    for (const [column, key] of [
      ['meter', house.meter],
      ['name', `${house.microgrid}/${house.name.toLocaleLowerCase()}`],
    ] as const) {
      const other = seen.get(key);
      if (other === undefined) seen.set(key, line);
      else problems.push({ line, column, fault: 'twice', value: house[column], other });
    }
    houses.push(house);
  }
  return problems.length === 0 ? { houses, problems } : { houses: [], problems };
}

/** One house from its fields as typed; null when something is wrong with it. */
export function readHouse(
  value: (column: Column) => string,
  microgrids: readonly number[],
): { house: House | null; problems: Omit<Problem, 'line'>[] } {
  const problems: Omit<Problem, 'line'>[] = [];
  const wrong = (column: Column, fault: Fault) => void problems.push({ column, fault, value: value(column) });
  const words = (column: 'name' | 'district' | 'feeder') => {
    if (value(column).length > longest) wrong(column, 'long');
    return value(column) === '' ? null : value(column);
  };

  const name = words('name');
  if (name === null) wrong('name', 'missing');
  const meter = parseAddress(value('meter'));
  if (value('meter') === '') wrong('meter', 'missing');
  else if ('fault' in meter) wrong('meter', meter.fault === 'checksum' ? 'checksum' : 'address');
  const kind = value('kind') === '' ? 'Premises' : kinds.slice(1).find((known) => same(known, value('kind')));
  if (kind === undefined) wrong('kind', 'kind');
  const only = microgrids.length === 1 ? microgrids[0] : undefined;
  const microgrid = value('microgrid') === '' ? only : microgrids.find((id) => String(id) === value('microgrid'));
  if (microgrid === undefined) wrong('microgrid', value('microgrid') === '' ? 'missing' : 'microgrid');
  const watts = value('connectionWatts');
  const connectionWatts = watts === '' ? null : Number(watts);
  if (connectionWatts !== null && !(/^\d+$/.test(watts) && connectionWatts > 0 && connectionWatts <= mostWatts))
    wrong('connectionWatts', 'watts');
  const [district, feeder] = [words('district'), words('feeder')];

  if (problems.length > 0) return { house: null, problems };
  const house = {
    name: name!,
    meter: (meter as { address: Hex }).address,
    kind: kind as Kind,
    microgrid: microgrid!,
    district,
    feeder,
    connectionWatts,
  };
  return { house, problems };
}

function columnOf(title: string): Column | null {
  const letters = title.toLocaleLowerCase().replace(/[\s_\-().]/g, '');
  const found = Object.entries(columnNames).find(([, names]) => names.includes(letters));
  return found === undefined ? null : (found[0] as Column);
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function failed(problem: Problem): { houses: House[]; problems: Problem[] } {
  return { houses: [], problems: [problem] };
}
