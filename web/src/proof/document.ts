import { type Hex } from './bytes';

/** One meter's part of an interval, as the tree hashes it. Energies in milliwatt hours. */
export interface Leaf {
  meter: Hex;
  import: bigint;
  export: bigint;
  bands: bigint[];
  intervalImport: bigint;
  intervalExport: bigint;
  flags: bigint;
  readingDigest: Hex;
  salt: Hex;
}

/** What the signed reading holds beside the registers, which stand in the leaf. */
export interface SignedPart {
  boot: bigint;
  sequence: bigint;
  instant: bigint;
  firmware: Hex;
  flags: bigint;
  signature: Hex;
}

export interface Sibling {
  hash: Hex;
  import: bigint;
  export: bigint;
}

/** What the ledger's commitment to one version of an interval is the fingerprint of. */
export interface Header {
  microgrid: bigint;
  start: bigint;
  version: bigint;
  root: Hex;
  count: bigint;
  importSum: bigint;
  exportSum: bigint;
  transformer: Hex;
}

/** A proof document, format "busbar-proof-1". Nothing in it is believed: it is only well formed. */
export interface Proof {
  chainId: bigint;
  anchors: Hex;
  meters: Hex;
  microgrid: bigint;
  start: bigint;
  minutes: bigint;
  version: bigint;
  header: Header;
  leaf: Leaf;
  reading: SignedPart | null;
  index: bigint;
  siblings: Sibling[];
}

/** Largest document that is read: a proof of the deepest tree is under 10 KB. */
export const largestDocument = 65_536;
const deepestTree = 32;
const intervalLengths = [1n, 5n, 15n, 30n, 60n];

/** What is wrong with a document, told by the path of the field. */
export class DocumentError extends Error {}

/** Reads a document from parsed JSON, strictly: a missing, mistyped or oversized field throws a DocumentError. */
export function readProof(json: unknown): Proof {
  const root = new Reader(json, '');
  if (root.text('format') !== 'busbar-proof-1') throw new DocumentError('“format” is not busbar-proof-1');
  const minutes = root.uint('minutes', 8);
  if (!intervalLengths.includes(minutes)) throw new DocumentError('“minutes” is not the length of an interval');
  return {
    chainId: root.uint('chainId', 64),
    anchors: root.hex('anchors', 20),
    meters: root.hex('meters', 20),
    microgrid: root.uint('microgrid', 32),
    start: root.uint('start', 64),
    minutes,
    version: root.uint('version', 16),
    header: readHeader(root.object('header')),
    leaf: readLeaf(root.object('leaf')),
    reading: root.isNull('reading') ? null : readSignedPart(root.object('reading')),
    index: root.uint('index', 32),
    siblings: root.list('siblings', deepestTree).map((sibling) => ({
      hash: sibling.hex('hash', 32),
      import: sibling.uint('import', 64),
      export: sibling.uint('export', 64),
    })),
  };
}

function readHeader(header: Reader): Header {
  return {
    microgrid: header.uint('microgrid', 32),
    start: header.uint('start', 64),
    version: header.uint('version', 16),
    root: header.hex('root', 32),
    count: header.uint('count', 32),
    importSum: header.uint('importSum', 64),
    exportSum: header.uint('exportSum', 64),
    transformer: header.hex('transformer', 32),
  };
}

function readLeaf(leaf: Reader): Leaf {
  return {
    meter: leaf.hex('meter', 20),
    import: leaf.uint('import', 64),
    export: leaf.uint('export', 64),
    bands: leaf.uints('bands', 4, 64),
    intervalImport: leaf.uint('intervalImport', 64),
    intervalExport: leaf.uint('intervalExport', 64),
    flags: leaf.uint('flags', 16),
    readingDigest: leaf.hex('readingDigest', 32),
    salt: leaf.hex('salt', 32),
  };
}

function readSignedPart(reading: Reader): SignedPart {
  return {
    boot: reading.uint('boot', 32),
    sequence: reading.uint('sequence', 64),
    instant: reading.uint('instant', 64),
    firmware: reading.hex('firmware', 32),
    flags: reading.uint('flags', 16),
    signature: reading.hex('signature', 65),
  };
}

class Reader {
  private readonly fields: Record<string, unknown>;

  constructor(
    value: unknown,
    private readonly path: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new DocumentError(path === '' ? 'it is not a JSON object' : `“${path.slice(0, -1)}” is not an object`);
    this.fields = value as Record<string, unknown>;
  }

  text(name: string): string {
    const value = this.get(name);
    if (typeof value !== 'string') throw this.wrong(name, 'text');
    return value;
  }

  hex(name: string, length: number): Hex {
    const value = this.get(name);
    if (typeof value !== 'string' || !/^0x[0-9a-fA-F]*$/.test(value) || value.length !== 2 + length * 2)
      throw this.wrong(name, `${length} bytes in hexadecimal`);
    return value.toLowerCase() as Hex;
  }

  uint(name: string, bits: number): bigint {
    return readUint(this.get(name), bits) ?? this.fail(name, `a whole number of at most ${bits} bits`);
  }

  uints(name: string, count: number, bits: number): bigint[] {
    const value = this.get(name);
    if (!Array.isArray(value) || value.length !== count) throw this.wrong(name, `a list of ${count}`);
    return value.map((item) => readUint(item, bits) ?? this.fail(name, `whole numbers of at most ${bits} bits`));
  }

  object(name: string): Reader {
    return new Reader(this.get(name), `${this.path}${name}.`);
  }

  isNull(name: string): boolean {
    return this.get(name) === null;
  }

  list(name: string, longest: number): Reader[] {
    const value = this.get(name);
    if (!Array.isArray(value) || value.length > longest) throw this.wrong(name, `a list of at most ${longest}`);
    return value.map((item, i) => new Reader(item, `${this.path}${name}[${i}].`));
  }

  private get(name: string): unknown {
    if (!Object.hasOwn(this.fields, name)) throw new DocumentError(`“${this.path}${name}” is missing`);
    return this.fields[name];
  }

  private fail(name: string, needed: string): never {
    throw this.wrong(name, needed);
  }

  private wrong(name: string, needed: string): DocumentError {
    return new DocumentError(`“${this.path}${name}” is not ${needed}`);
  }
}

/** A whole number given as a decimal string or a safe JSON number, or undefined when it is neither or too large. */
function readUint(value: unknown, bits: number): bigint | undefined {
  const whole =
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
      ? BigInt(value)
      : typeof value === 'string' && /^(0|[1-9][0-9]{0,77})$/.test(value)
        ? BigInt(value)
        : undefined;
  return whole !== undefined && whole >> BigInt(bits) === 0n ? whole : undefined;
}
