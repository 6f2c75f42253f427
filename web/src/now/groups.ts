import type { House } from '../api/types';

/** The meters of one microgrid: houses first, then what is held beside them, each in the node's own fixed order. */
export interface Group {
  id: number;
  name: string;
  houses: House[];
  transformers: House[];
  others: House[];
}

export function groupByMicrogrid(meters: House[], microgrids: { id: number; name: string }[]): Group[] {
  const ids = [...new Set(meters.map((meter) => meter.microgrid))].sort((a, b) => a - b);
  return ids.map((id) => {
    const here = meters.filter((meter) => meter.microgrid === id);
    const kind = (meter: House) => meter.kind.toLowerCase();
    return {
      id,
      name: microgrids.find((microgrid) => microgrid.id === id)?.name ?? String(id),
      houses: here.filter((meter) => kind(meter) === 'premises'),
      transformers: here.filter((meter) => kind(meter) === 'transformer'),
      others: here.filter((meter) => !['premises', 'transformer'].includes(kind(meter))),
    };
  });
}
