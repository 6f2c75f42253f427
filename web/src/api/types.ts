/*
 * The node's answers, as its API describes them, until `schema.d.ts` is generated from /openapi/v1.json; then this file holds
 * only aliases of it. Energies in milliwatt hours and money in wei are decimal strings, powers are watts with import
 * positive, instants ISO 8601 UTC.
 */

export type Role =
  'Anyone' | 'Account' | 'Guest' | 'Household' | 'Authority' | 'Auditor' | 'Operator' | 'Regulator' | 'Owner';

export interface Page<T> {
  items: T[];
  /** The cursor of the next page; null at the end. */
  next: string | null;
}

export interface Account {
  id: string;
  name: string;
  address: string | null;
  kind: 'wallet' | 'password' | 'passkey';
  hasKeystore: boolean;
}

export interface Premises {
  id: string;
  name: string;
  meters: string[];
  /** Whether it is the reader's own, not one that they are a guest of. */
  held?: boolean;
  canSwitch?: boolean;
}

export interface Session {
  signedIn: boolean;
  account: Account | null;
  roles: Role[];
  premises: Premises[];
  csrf: string;
  expires: string | null;
  demo: boolean;
}

export interface SignInNonce {
  nonce: string;
  domain: string;
  uri: string;
  chainId: number | string;
  issuedAt: string;
  expirationTime: string;
  statement: string;
  version: string;
}

export interface Community {
  name: string;
  zone: string;
  intervalMinutes: number;
  chainId: number | string;
  contracts: { council: string; members: string; meters: string; anchors: string };
  microgrids: { id: number; name: string }[];
  demo: boolean;
  now: string;
  version?: string;
  /** False on a node that no community was set up on yet. */
  mqttPort: number;
  setUp?: boolean;
}

/** Sums of one microgrid, or of all: everybody may see them. */
export interface Sums {
  importW: number | null;
  exportW: number | null;
  netW: number | null;
  todayImportMwh: string;
  todayExportMwh: string;
  meters: number;
  reporting: number;
}

export interface Now {
  at: string;
  microgrids: (Sums & { id: number; name: string })[];
  total: Sums;
}

export interface House {
  meter: string;
  kind: string;
  name: string;
  microgrid: number;
  premises?: string | null;
  powerW: number | null;
  lastSeen: string | null;
  stale: boolean;
  todayImportMwh: string;
  todayExportMwh: string;
  importMwh?: string;
  exportMwh?: string;
  lastReading?: string | null;
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

export type HistoryStep = 'interval' | 'hour' | 'day' | 'month' | 'year';

export interface History {
  step: HistoryStep;
  zone: string;
  rows: {
    start: string;
    end: string;
    importMwh: string;
    exportMwh: string;
    complete: boolean;
    estimated: boolean;
  }[];
  total: { importMwh: string; exportMwh: string; fromRegister: unknown; toRegister: unknown };
}

export interface Telemetry {
  powerW: number | null;
  voltageV: number | null;
  currentA: number | null;
  frequencyHz: number | null;
  powerFactor: number | null;
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

export interface Member {
  account: string;
  role: string;
  since: string;
  premises: string[];
  meters: string[];
  barred: string | null;
}

export interface Council {
  owner: string;
  pendingOwner: string | null;
  regulators: { address: string; since: string }[];
  changes: { what: string; address: string; effective: string }[];
  rules: {
    id: string;
    name: string;
    value: string;
    min: string;
    max: string;
    unit: string;
    pending: { value: string; effective: string } | null;
  }[];
  proposals: {
    id: string;
    kind: string;
    rule?: string;
    value?: string;
    proposer: string;
    votes: string[];
    needed: number;
    opened: string;
    effective: string | null;
    state: string;
  }[];
  appointments: { office: string; holder: string; microgrid: number | null; until: string }[];
  directory: { office: string; address: string }[];
}

export interface Quarantined {
  id: string;
  at: string;
  meter: string | null;
  reason: string;
  detail: string;
  size: number;
}

export interface Guest {
  id: string;
  name: string;
  premises: string;
  canSwitch: boolean;
  until: string | null;
  state: 'invited' | 'active';
  /** The code of the invitation, in the answer to its making alone. */
  invitation?: string;
}

export interface Passkey {
  id: string;
  name: string;
  created: string;
  lastUsed: string | null;
}

/** What an account's person chose; unknown fields are refused by the node. */
export interface AccountSettings {
  language?: string;
  theme?: string;
}

export type Channel = 'Email' | 'Push' | 'Webhook';

/** What a person wants to be told, where and when. `off` is all that is switched off. */
export interface NotificationChoice {
  language: string;
  quietHours: { from: string; to: string } | null;
  off: { topic: string; channel: Channel }[];
}

export interface NotificationChoices extends NotificationChoice {
  topics: { id: string; critical: boolean }[];
  channels: {
    id: Channel;
    /** Whether the operator has set this way up. */
    available: boolean;
    addresses: { id: string; label: string; confirmed: boolean }[];
  }[];
}

export interface Delivery {
  id: string;
  at: string;
  topic: string;
  channel: string;
  state: string;
  detail: string | null;
}

/** The progress of setting up a node. */
export interface SetUp {
  state: 'new' | 'running' | 'done';
  steps: { id: string; state: 'waiting' | 'running' | 'done' | 'failed'; detail?: string | null }[];
}
