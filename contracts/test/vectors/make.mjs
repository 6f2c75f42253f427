// Writes merkle-sum.json, readings.json and spans.json beside itself; with --check says whether they are what it would write.
// Every 64-bit number is a decimal string, everything else that is bytes is hexadecimal with 0x.
import { readFileSync, writeFileSync } from "node:fs";
import { keccak256 } from "./keccak.mjs";

const hex = (bytes) => "0x" + bytes.toString("hex");
const bytes = (text) => Buffer.from(text.slice(2), "hex");
const greatest = (1n << 64n) - 1n;

function number(value, width) {
  return Buffer.from(BigInt(value).toString(16).padStart(width * 2, "0"), "hex");
}

function drawn(...seed) {
  return keccak256(Buffer.from(seed.join("/")));
}

function leafPreimage(leaf) {
  return Buffer.concat([
    number(0, 1),
    bytes(leaf.meter),
    number(leaf.importRegister, 8),
    number(leaf.exportRegister, 8),
    ...leaf.bands.map((band) => number(band, 8)),
    number(leaf.intervalImport, 8),
    number(leaf.intervalExport, 8),
    number(leaf.flags, 2),
    bytes(leaf.digest),
    bytes(leaf.salt),
  ]);
}

function join(left, right) {
  const preimage = Buffer.concat([
    number(1, 1),
    left.hash,
    number(left.importSum, 8),
    number(left.exportSum, 8),
    right.hash,
    number(right.importSum, 8),
    number(right.exportSum, 8),
  ]);
  return {
    hash: keccak256(preimage),
    importSum: left.importSum + right.importSum,
    exportSum: left.exportSum + right.exportSum,
  };
}

function levels(leaves) {
  const all = [
    leaves.map((leaf) => ({
      hash: keccak256(leafPreimage(leaf)),
      importSum: BigInt(leaf.intervalImport),
      exportSum: BigInt(leaf.intervalExport),
    })),
  ];
  while (all.at(-1).length > 1) {
    const below = all.at(-1);
    const above = [];
    for (let i = 0; i < below.length; i += 2) above.push(i + 1 < below.length ? join(below[i], below[i + 1]) : below[i]);
    all.push(above);
  }
  return all;
}

function path(all, index) {
  const siblings = [];
  for (const level of all) {
    const sibling = level[index ^ 1];
    if (sibling) siblings.push(written(sibling));
    index >>= 1;
  }
  return siblings;
}

function written(node) {
  return { hash: hex(node.hash), importSum: String(node.importSum), exportSum: String(node.exportSum) };
}

function drawnLeaf(name, index, change = {}) {
  const at = (what, span) => drawn(name, index, what).readBigUInt64BE(0) % span;
  const estimated = index % 7 === 6;
  return {
    meter: hex(drawn(name, index, "meter").subarray(12)),
    importRegister: String(at("import", 10n ** 12n)),
    exportRegister: String(at("export", 10n ** 11n)),
    bands: [0, 1, 2, 3].map((band) => (index % 3 ? "0" : String(at(`band ${band}`, 10n ** 10n)))),
    intervalImport: String(at("interval import", 5_000_000n)),
    intervalExport: index % 4 ? "0" : String(at("interval export", 4_000_000n)),
    flags: estimated ? 256 : 1,
    digest: estimated ? hex(Buffer.alloc(32)) : hex(drawn(name, index, "digest")),
    salt: hex(drawn(name, index, "salt")),
    ...change,
  };
}

function tree(name, count, { change = () => ({}), indices } = {}) {
  const leaves = Array.from({ length: count }, (_, index) => drawnLeaf(name, index, change(index)));
  const all = levels(leaves);
  const root = all.at(-1)[0];
  const chosen = indices ?? leaves.map((_, index) => index);
  return {
    name,
    count,
    root: hex(root.hash),
    importSum: String(root.importSum),
    exportSum: String(root.exportSum),
    leaves: leaves.map((leaf, index) => ({ ...leaf, hash: hex(all[0][index].hash) })),
    proofs: chosen.map((index) => ({ index, siblings: path(all, index) })),
  };
}

function forged(name, of, proofNumber, spoil) {
  const proof = of.proofs[proofNumber];
  const { hash: _, ...leaf } = of.leaves[proof.index];
  const claim = structuredClone({
    name,
    count: of.count,
    root: of.root,
    importSum: of.importSum,
    exportSum: of.exportSum,
    leaf,
    index: proof.index,
    siblings: proof.siblings,
    valid: false,
  });
  spoil(claim);
  return claim;
}

function merkleSum() {
  const whole = tree("thirteen leaves", 13);
  const trees = [
    tree("one leaf", 1),
    tree("two leaves", 2),
    tree("three leaves", 3),
    tree("four leaves", 4),
    tree("five leaves", 5),
    tree("seven leaves", 7),
    tree("eight leaves", 8),
    whole,
    tree("a hundred and fifty leaves", 150, { indices: [0, 1, 77, 127, 128, 147, 148, 149] }),
    tree("nothing used", 6, { change: () => ({ intervalImport: "0", intervalExport: "0" }) }),
    tree("sums at the greatest value", 2, {
      change: (index) => ({
        intervalImport: String(index ? 1n : greatest - 1n),
        intervalExport: String(index ? greatest : 0n),
        importRegister: String(greatest),
        bands: [greatest, greatest, greatest, greatest].map(String),
      }),
    }),
    tree("twins", 3, { change: () => drawnLeaf("twin", 0) }),
    tree("register reset", 2, { change: () => ({ flags: 512 | 63 }) }),
  ];
  const five = trees.find((each) => each.count === 5);
  // The first claim is left whole, so that a test that refuses everything fails.
  const claims = [
    forged("untouched", whole, 3, (claim) => (claim.valid = true)),
    forged("another sibling hash", whole, 3, (claim) => (claim.siblings[1].hash = hex(drawn("other")))),
    forged("energy moved to the sibling", whole, 0, (claim) => {
      claim.siblings[0].importSum = String(BigInt(claim.siblings[0].importSum) + 1n);
      claim.leaf.intervalImport = String(BigInt(claim.leaf.intervalImport) - 1n);
    }),
    forged("a sibling too few", whole, 5, (claim) => claim.siblings.pop()),
    forged("a sibling too many", whole, 5, (claim) => claim.siblings.push(claim.siblings[0])),
    forged("no siblings", whole, 5, (claim) => (claim.siblings = [])),
    forged("the neighbour's index", whole, 5, (claim) => (claim.index = 4)),
    forged("an index beyond the leaves", whole, 12, (claim) => (claim.index = 13)),
    forged("another count of the same depth", five, 4, (claim) => (claim.count = 6)),
    forged("a smaller import at the root", whole, 7, (claim) => (claim.importSum = String(BigInt(claim.importSum) - 1n))),
    forged("a greater export at the root", whole, 7, (claim) => (claim.exportSum = String(BigInt(claim.exportSum) + 1n))),
    forged("sums that overflow", whole, 2, (claim) => (claim.siblings[0].importSum = String(greatest))),
    forged("another salt", whole, 2, (claim) => (claim.leaf.salt = hex(drawn("salt")))),
    forged("another register", whole, 2, (claim) => (claim.leaf.importRegister = "1")),
    forged("flags cleared", whole, 6, (claim) => (claim.leaf.flags = 0)),
  ];
  return {
    format: "leaf 0x00 (151 bytes), node 0x01 (97 bytes), odd nodes promoted; proofs list the siblings from the leaf upwards",
    trees,
    claims,
  };
}

function domain(purpose, chainId, deployment) {
  return keccak256(
    Buffer.concat([keccak256(Buffer.from(purpose)), number(chainId, 32), Buffer.alloc(12), bytes(deployment)]),
  );
}

function reading(name, change) {
  const chainId = 31337;
  const deployment = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
  const fields = {
    meter: "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf",
    boot: 1,
    sequence: "0",
    instant: "1700000100",
    importRegister: "0",
    exportRegister: "0",
    bands: ["0", "0", "0", "0"],
    firmware: hex(keccak256(Buffer.from("firmware 1.0"))),
    flags: 1,
    ...change,
  };
  const preimage = Buffer.concat([
    domain("Busbar Reading v1", chainId, deployment),
    bytes(fields.meter),
    number(fields.boot, 4),
    number(fields.sequence, 8),
    number(fields.instant, 8),
    number(fields.importRegister, 8),
    number(fields.exportRegister, 8),
    ...fields.bands.map((band) => number(band, 8)),
    bytes(fields.firmware),
    number(fields.flags, 2),
  ]);
  return { name, chainId, deployment, ...fields, preimage: hex(preimage), digest: hex(keccak256(preimage)) };
}

function readings() {
  return {
    format: "154 bytes, keccak-256, signed raw",
    readings: [
      reading("first of a meter", {}),
      reading("with bands", {
        boot: 7,
        sequence: "123456",
        importRegister: "987654321012",
        exportRegister: "12345678",
        bands: ["1", "22", "333", "987654320656"],
        flags: 63,
      }),
      reading("greatest values", {
        boot: 4294967295,
        sequence: String(greatest),
        instant: String(greatest),
        importRegister: String(greatest),
        exportRegister: String(greatest),
        bands: [greatest, greatest, greatest, greatest].map(String),
        flags: 65535,
      }),
    ],
  };
}

// By the key of the worked example in docs/protocol.md, made once with @noble/curves (RFC 6979, low s): r, then vs of EIP-2098.
const spanSignatures = {
  "the buyer's": [
    "0x107bd4fd5678ceb7307e26b95fa945d2cb14c049c1b74ab58cf9a0ddb0984c2a",
    "0x08960db337d1893e4b64d62606b83d18362735ee02846f53a6254df6b42aaf7e",
  ],
  "the seller's": [
    "0xf5a460a74c4df61a8c0779856c47218dbb4cd9bf8f7f73bd6a8b33b8f0116505",
    "0x2e3b3352ecf932915ef80d65d950756ca056ff0668a9e268ba6eff12f2ac14be",
  ],
  "nothing flowed": [
    "0xb8ca6567c9ae38653335e0c33093ee6342aca9dfd11642b70a1439fb3f54a8b7",
    "0x1179169003a3896e3e692342389060c59016c16a6b32bbc1a9e6a8e8c736d7b2",
  ],
  "greatest values": [
    "0x189e421f8fa68bd310ee4288a741012ffe293469bcffcd6f3a550064e11764dd",
    "0xc80a5bd0b8c002897d5a6e120683f80d01c8d2c1a32f3475c539d2883fb18339",
  ],
};

function span(name, change) {
  const chainId = 31337;
  const deployment = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
  const fields = {
    subject: hex(keccak256(Buffer.from("delivery 1"))),
    meter: "0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f",
    flow: 1,
    opened: "1767225600",
    closed: "1767226195",
    opening: "1234567890",
    closing: "1234600946",
    ...change,
  };
  const word = Buffer.concat([fields.opened, fields.closed, fields.opening, fields.closing].map((each) => number(each, 8)));
  const preimage = Buffer.concat([
    domain("Busbar Span v1", chainId, deployment),
    bytes(fields.subject),
    bytes(fields.meter),
    number(fields.flow, 1),
    word,
  ]);
  const [r, vs] = spanSignatures[name];
  return { name, chainId, deployment, ...fields, word: hex(word), preimage: hex(preimage), digest: hex(keccak256(preimage)), r, vs };
}

function spans() {
  const most = String((1n << 63n) - 1n);
  return {
    format: "117 bytes, keccak-256, signed raw by the meter; r and vs as EIP-2098 has them",
    spans: [
      span("the buyer's", {}),
      span("the seller's", { subject: hex(drawn("delivery 2")), flow: 2, opening: "0", closing: "200167", closed: "1767229203" }),
      span("nothing flowed", { closed: "1767225600", closing: "1234567890" }),
      span("greatest values", {
        subject: "0x" + "ff".repeat(32),
        flow: 2,
        opened: "253402300799",
        closed: "253402300799",
        opening: most,
        closing: most,
      }),
    ],
  };
}

let stale = 0;
for (const [name, value] of [["merkle-sum.json", merkleSum()], ["readings.json", readings()], ["spans.json", spans()]]) {
  const file = new URL(name, import.meta.url);
  const text = JSON.stringify(value, null, 1) + "\n";
  if (!process.argv.includes("--check")) {
    writeFileSync(file, text);
  } else if (readFileSync(file, "utf8").replaceAll("\r\n", "\n") !== text) {
    console.error(`${name} is not what make.mjs writes.`);
    stale++;
  }
}
process.exit(stale === 0 ? 0 : 1);
