import type { MeterChange } from '../api/screens';
import { parseDecimal } from '../community/decimal';

export interface ChangeDraft {
  boot: string;
  import: string;
  export: string;
  reason: string;
}

export type ChangeFault = 'boot' | 'energy' | 'reason';

const longestReason = 200;
const mostBoot = 2 ** 32 - 1;
const mostRegister = 2n ** 64n;

/** The record that a form describes, or what is wrong in which field. */
export function readChange(
  draft: ChangeDraft,
  presentBoot: number | null,
): { change: MeterChange } | { faults: Partial<Record<keyof ChangeDraft, ChangeFault>> } {
  const faults: Partial<Record<keyof ChangeDraft, ChangeFault>> = {};
  const boot = /^\d{1,10}$/.test(draft.boot.trim()) ? Number(draft.boot) : Number.NaN;
  if (!(boot <= mostBoot) || (presentBoot !== null && boot <= presentBoot)) faults.boot = 'boot';
  const registers = { import: parseDecimal(draft.import, 6), export: parseDecimal(draft.export, 6) };
  for (const side of ['import', 'export'] as const) {
    const value = registers[side];
    if (value === null || value >= mostRegister) faults[side] = 'energy';
  }
  const reason = draft.reason.trim();
  if (reason === '' || reason.length > longestReason) faults.reason = 'reason';
  if (Object.keys(faults).length > 0) return { faults };
  return { change: { boot, import: String(registers.import), export: String(registers.export), reason } };
}
