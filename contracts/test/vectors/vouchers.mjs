// Writes vouchers.json beside itself: vouchers with their EIP-712 digests, and their signatures by @noble/curves ("npm ci" in
// web/ first). It shares no line with the contract or with the C# and TypeScript sources; with --check says whether the file
// is what it would write. Numbers are decimal strings, bytes are hexadecimal with 0x.
import { readFileSync, writeFileSync } from "node:fs";
import { secp256k1 } from "../../../web/node_modules/@noble/curves/secp256k1.js";
import { keccak256 } from "./keccak.mjs";

const hex = (bytes) => "0x" + Buffer.from(bytes).toString("hex");
const word = (value) => Buffer.from(BigInt(value).toString(16).padStart(64, "0"), "hex");
const hashed = (text) => keccak256(Buffer.from(text));
const struct = (type, ...words) => keccak256(Buffer.concat([hashed(type), ...words]));

function digestOf({ chainId, deployment, channel, total, energy }) {
  const domain = struct(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)",
    hashed("Busbar Channels"),
    hashed("1"),
    word(chainId),
    word(deployment),
  );
  const voucher = struct(
    "Voucher(bytes32 channel,uint256 total,uint64 energy)",
    word(channel),
    word(total),
    word(energy),
  );
  return keccak256(Buffer.concat([Buffer.from([0x19, 0x01]), domain, voucher]));
}

const vouchers = [];
for (let n = 0; n < 12; n++) {
  const key = hashed(`key ${n % 3}`);
  const entry = {
    key: hex(key),
    signer: hex(keccak256(Buffer.from(secp256k1.getPublicKey(key, false).slice(1))).subarray(12)),
    chainId: [31337, 1, 4242, 2 ** 31][n % 4],
    deployment: hex(hashed(`contract ${n % 5}`).subarray(12)),
    channel: hex(hashed(`channel ${n}`)),
    total: String([0n, 1n, 123456789012345678n, (1n << 127n) - 100n][n % 4] + BigInt(n)),
    energy: String([0n, 10_000n, 987_654n, (1n << 63n) - 100n][(n + 1) % 4] + BigInt(n)),
  };
  const digest = digestOf(entry);
  const [parity, ...rs] = secp256k1.sign(digest, key, { prehash: false, format: "recovered" });
  vouchers.push({ ...entry, digest: hex(digest), signature: hex([...rs, 27 + parity]) });
}

const path = new URL("vouchers.json", import.meta.url);
const text = JSON.stringify({ vouchers }, null, 2) + "\n";
if (!process.argv.includes("--check")) writeFileSync(path, text);
else if (readFileSync(path, "utf8") !== text) throw new Error("vouchers.json is not what vouchers.mjs writes");
