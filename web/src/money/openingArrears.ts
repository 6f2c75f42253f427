import type { ArrearsLine } from '../api/screens';
import type { Hex } from '../proof/bytes';
import { CsvError, parseCsv } from '../setup/csv';
import { mostDebts, type Debt } from './deeds';

export interface DebtRow {
  line: number;
  house: string;
  amount: string;
  reference: string;
}

export type TableFault = 'empty' | 'noHeader' | 'quote' | 'tooMany';

/** As many as the node looks at in one go. */
export const mostRows = 10_000;

export const header = 'house,amount,reference';

const columnNames = {
  house: ['house', 'premises', 'name', 'घर', 'नाम', 'परिसर'],
  amount: ['amount', 'debt', 'राशि', 'बकाया'],
  reference: ['reference', 'ref', 'हवाला', 'संदर्भ'],
};

/** The rows of a table whose first line names the columns, as they were written; whether they hold is the node's to say. */
export function readDebts(text: string): { rows: DebtRow[] } | { fault: TableFault; line: number } {
  let records;
  try {
    records = parseCsv(text);
  } catch (error) {
    if (error instanceof CsvError) return { fault: 'quote', line: error.line };
    throw error;
  }
  const [head, ...rows] = records;
  if (head === undefined) return { fault: 'empty', line: 1 };
  const place = (column: keyof typeof columnNames) =>
    head.fields.findIndex((title) => columnNames[column].includes(title.toLocaleLowerCase().trim()));
  const [house, amount, reference] = [place('house'), place('amount'), place('reference')];
  if (house < 0 || amount < 0) return { fault: 'noHeader', line: head.line };
  if (rows.length === 0) return { fault: 'empty', line: head.line };
  if (rows.length > mostRows) return { fault: 'tooMany', line: rows[mostRows]!.line };
  return {
    rows: rows.map(({ line, fields }) => ({
      line,
      house: fields[house] ?? '',
      amount: fields[amount] ?? '',
      reference: reference < 0 ? '' : (fields[reference] ?? ''),
    })),
  };
}

/** What can be booked, in parts that one transaction takes each. */
export function chunksOf(lines: readonly ArrearsLine[]): Debt[][] {
  const debts = lines
    .filter(({ state }) => state === 'ready')
    .map(({ premises, amountWei, referenceId }) => ({
      premises: premises as Hex,
      amount: BigInt(amountWei!),
      referenceId: referenceId as Hex,
    }));
  return Array.from({ length: Math.ceil(debts.length / mostDebts) }, (_, part) =>
    debts.slice(part * mostDebts, (part + 1) * mostDebts),
  );
}

/** A table to begin with, of houses that there are. */
export function sampleOf(houses: readonly string[]): string {
  const quoted = (text: string) => (/[",;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [
    header,
    ...houses.slice(0, 3).map((house, i) => `${quoted(house)},${12 + i}.50,"Book 3, page ${18 + i}"`),
    '',
  ].join('\r\n');
}
