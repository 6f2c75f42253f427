import { describe, expect, it } from 'vitest';
import { readChange } from '../../src/devices/change';

const draft = { boot: '3', import: '12.5', export: '0', reason: ' Exchanged ' };

describe('readChange', () => {
  it('makes a record in milliwatt hours', () => {
    expect(readChange(draft, 2)).toEqual({
      change: { boot: 3, import: '12500000', export: '0', reason: 'Exchanged' },
    });
    expect(readChange({ ...draft, boot: '0' }, null)).toHaveProperty('change');
  });

  it('names every field that is wrong', () => {
    expect(readChange({ boot: '2', import: 'x', export: '-1', reason: ' ' }, 2)).toEqual({
      faults: { boot: 'boot', import: 'energy', export: 'energy', reason: 'reason' },
    });
    expect(readChange({ ...draft, boot: '4294967296' }, 2)).toEqual({ faults: { boot: 'boot' } });
    expect(readChange({ ...draft, import: '18446744073709.551616' }, 2)).toEqual({ faults: { import: 'energy' } });
    expect(readChange({ ...draft, reason: 'x'.repeat(201) }, 2)).toEqual({ faults: { reason: 'reason' } });
  });
});
