/** One record of a table of separated values, with the number of the line on which it begins. */
export interface CsvRecord {
  line: number;
  fields: string[];
}

/** A quote was opened and not closed. */
export class CsvError extends Error {
  constructor(readonly line: number) {
    super(`line ${line}`);
  }
}

/** The separator of a table, told from its first line: comma, semicolon or tab, whichever is there most. */
export function separatorOf(text: string): string {
  const [first = ''] = text.split(/\r\n?|\n/, 1);
  const count = (separator: string) => first.split(separator).length;
  return [',', ';', '\t'].reduce((best, other) => (count(other) > count(best) ? other : best));
}

/** The records of a table after RFC 4180: quotes hold separators, line ends and doubled quotes. Empty lines are left out. */
export function parseCsv(text: string): CsvRecord[] {
  const source = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(source);
  const records: CsvRecord[] = [];
  let line = 1;
  let record: CsvRecord = { line, fields: [] };
  let field = '';
  let quotedSince: number | null = null;
  const endRecord = () => {
    record.fields.push(field.trim());
    if (record.fields.some((value) => value !== '')) records.push(record);
    field = '';
    record = { line, fields: [] };
  };
  for (let i = 0; i < source.length; i++) {
    const char = source[i]!;
    const lineEnd = char === '\n' || (char === '\r' && source[i + 1] !== '\n');
    if (lineEnd) line++;
    if (quotedSince !== null) {
      if (char !== '"') field += char;
      else if (source[i + 1] === '"') field += source[++i];
      else quotedSince = null;
    } else if (char === '"' && field.trim() === '') {
      field = '';
      quotedSince = line;
    } else if (char === separator) {
      record.fields.push(field.trim());
      field = '';
    } else if (lineEnd) endRecord();
    else if (char !== '\r') field += char;
  }
  if (quotedSince !== null) throw new CsvError(quotedSince);
  endRecord();
  return records;
}
