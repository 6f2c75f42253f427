/* The node's answers for the screens, as its API describes them: energies in milliwatt hours and registers as decimal
   strings, powers in watts (import positive), instants in ISO 8601 UTC, addresses with checksum. */

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type Step = 'interval' | 'hour' | 'day' | 'month' | 'year';

export interface HistoryRow {
  start: string;
  end: string;
  /** Null when nothing is known of it. */
  importMwh: string | null;
  exportMwh: string | null;
  /** Whether a register is known at both ends. */
  complete: boolean;
  estimated: boolean;
}

export interface History {
  step: Step;
  zone: string;
  rows: HistoryRow[];
  total: {
    importMwh: string;
    exportMwh: string;
    fromRegister: Register | null;
    toRegister: Register | null;
  };
}

/** Import and export register at one instant; for premises with several meters, their sum. */
export interface Register {
  importMwh: string;
  exportMwh: string;
}

export interface Telemetry {
  powerW: number | null;
  voltageV: number | null;
  currentA: number | null;
  frequencyHz: number | null;
  powerFactor: number | null;
  /** 0 to 1. */
  stateOfCharge: number | null;
  temperatureC: number | null;
  at: string;
}

export interface Device {
  meter: string;
  name: string;
  kind: string;
  microgrid: number;
  premises: string | null;
  online: boolean;
  lastSeen: string | null;
  telemetry: Telemetry | null;
  firmware: string | null;
  boot: number | null;
  sequence: string | null;
  refused24h: number;
}

export interface MeterChange {
  boot: number;
  import: string;
  export: string;
  reason: string;
}

export interface Member {
  account: string;
  role: string;
  since: string;
  premises: string[];
  meters: string[];
  barred: string | null;
}

export interface DirectoryEntry {
  meter: string;
  name: string;
  kind?: string;
  microgrid: number;
  premises: string | null;
  district: string | null;
  feeder: string | null;
  connectionWatts: number | null;
  registered: boolean;
  token?: string | null;
}

export interface Rule {
  id: string;
  name: string;
  value: string;
  min: string;
  max: string;
  unit: string;
  pending: { value: string; effective: string } | null;
}

export interface Proposal {
  id: string;
  kind: string;
  rule?: string | null;
  value?: string | null;
  proposer: string;
  votes: string[];
  needed: number;
  opened: string;
  effective: string | null;
  state: string;
}

export interface Council {
  /** The key by which this node anchors, and whether regulators have appointed it. */
  node: { operator: string; appointed: boolean };
  owner: string;
  pendingOwner: string | null;
  regulators: { address: string; since: string }[];
  changes: { what: string; address: string; effective: string }[];
  rules: Rule[];
  proposals: Proposal[];
  appointments: { office: string; holder: string; microgrid: number | null; until: string }[];
  directory: { office: string; address: string }[];
}

export interface Quarantined {
  id: string;
  at: string;
  meter: string | null;
  reason: string;
  detail: string | null;
  size: number;
}

export interface AccessRequest {
  id: string;
  at: string;
  from: string;
  premises: string;
  purpose: string;
}

export interface Guest {
  id: string;
  name: string;
  premises: string;
  canSwitch: boolean;
  until: string | null;
  state: 'invited' | 'active' | (string & {});
}

export interface Load {
  step: Step;
  zone: string;
  rows: LoadRow[];
}

export interface LoadRow {
  /** The district or feeder; null for the places too small to be shown alone. */
  place: string | null;
  premises: number;
  start: string;
  end: string;
  importMwh: string;
  exportMwh: string;
}

export interface SetUp {
  state: 'new' | 'running' | 'done';
  steps: { id: string; state: 'waiting' | 'running' | 'done' | 'failed'; detail?: string | null }[];
}

/* The ledger */

export interface BlockSummary {
  number: number | string;
  hash: string;
  time: string;
  transactions: number;
  gasUsed: number | string;
}

export interface BlockDetail extends BlockSummary {
  parent?: string | null;
}

/** A value of a call, an event or an error, with what it means. */
export interface DecodedValue {
  name: string;
  type: string;
  text: string;
  hint: string;
  /** The value in words, where there are any: the name of a contract, of a choice. */
  label?: string | null;
  members?: DecodedValue[];
  /** Further elements of a long list that are left out. */
  omitted?: number;
}

export interface Decoded {
  contract: string;
  name: string;
  signature: string;
  values: DecodedValue[];
}

export interface TransactionSummary {
  hash: string;
  block: number | string;
  position: number;
  time: string;
  from: string;
  to: string | null;
  /** The contract that it deployed. */
  created: string | null;
  value: string;
  gasUsed: number | string;
  succeeded: boolean;
  /** The name of the contract that it was sent to, and of the function that it called, when they are known. */
  contract: string | null;
  function: string | null;
}

export interface TransactionDetail extends TransactionSummary {
  nonce: number | string;
  gasLimit: number | string;
  input: string;
  call: Decoded | null;
  events: { address: string; contract: string | null; event: Decoded | null; topics: string[]; data: string }[];
  error: Decoded | null;
  revertData: string | null;
}

export interface AddressDetail {
  address: string;
  /** The name of the contract at the address, when it is one of the community's. */
  contract: string | null;
  transactions: number | string;
  firstSeen: string | null;
  lastSeen: string | null;
}

/** What a text names: of a hash, whether it is a block's or a transaction's. */
export interface Lookup {
  kind: string;
  number?: number | string | null;
  hash?: string | null;
  address?: string | null;
}

/** A node of an anchored tree. Only one over enough meters has its hash: from a smaller one energies could be guessed. */
export interface TreeNode {
  /** Over how many meters it is. */
  leaves: number;
  hash: string | null;
}

/** An anchored interval with the upper levels of its tree, from the root down. */
export interface AnchorTree {
  microgrid: number;
  start: string;
  minutes: number;
  version: number;
  count: number;
  root: string;
  importMwh: string;
  exportMwh: string;
  levels: TreeNode[][];
}
