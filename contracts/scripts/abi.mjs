// Writes abi/<Name>.json {contractName, abi, bytecode} from out/, or with --check says whether they are current.
// These files are committed: the C# bindings and the deployer are made from them without a Solidity compiler.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./forge.mjs";

const names = [
  "Council",
  "Members",
  "Meters",
  "Anchors",
  "Vault",
  "CommunityCoin",
  "Payments",
  "Storage",
  "Billing",
  "Taxes",
  "Board",
  "Demands",
  "Channels",
];
const check = process.argv.includes("--check");
let stale = 0;

/** A contract whose code is longer cannot be deployed (EIP-170). */
const longest = 24576;

for (const name of names) {
  const artifact = JSON.parse(readFileSync(join(root, "out", `${name}.sol`, `${name}.json`), "utf8"));
  const length = (artifact.deployedBytecode.object.length - 2) / 2;
  if (length > longest) {
    console.error(`${name} has ${length} bytes of code, at most ${longest} can be deployed.`);
    stale++;
  }
  const text = JSON.stringify(
    { contractName: name, abi: artifact.abi, bytecode: artifact.bytecode.object },
    null,
    2,
  ) + "\n";
  const path = join(root, "abi", `${name}.json`);
  let present = "";
  try {
    present = readFileSync(path, "utf8").replaceAll("\r\n", "\n");
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  if (present === text) continue;
  if (check) {
    console.error(`abi/${name}.json is not what the sources compile to: run "npm run build" and commit it.`);
    stale++;
  } else {
    writeFileSync(path, text);
    console.log(`abi/${name}.json written`);
  }
}
process.exit(stale === 0 ? 0 : 1);
