/* The node's answers, as its API describes them: energies in milliwatt hours as decimal strings, times in ISO 8601 UTC. */

export interface Community {
  name: string;
  zone: string;
  intervalMinutes: number;
  chainId: number | string;
  contracts: { council: string; members: string; meters: string; anchors: string };
  microgrids: { id: number; name: string }[];
  demo: boolean;
  now: string;
}

export interface House {
  meter: string;
  kind: string;
  name: string;
  microgrid: number;
  powerW: number | null;
  lastSeen: string | null;
  stale: boolean;
  todayImportMwh: string;
  todayExportMwh: string;
}

export interface Block {
  number: number | string;
  hash: string;
  time: string;
  transactions: number;
  gasUsed: number | string;
}

export interface Anchor {
  microgrid: number;
  start: string;
  minutes: number;
  version: number;
  root: string;
  count: number;
  importMwh: string;
  exportMwh: string;
  status: string;
  /** Why the contract refuses it, in the contract's words. */
  reason?: string | null;
  block: number | string | null;
  transaction: string | null;
  balance: string | null;
  missingMwh: string | null;
}
