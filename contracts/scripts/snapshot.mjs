// Writes snapshots/gas.json, or with --check fails when the gas of a transaction is not what is written there.
import { forge } from "./forge.mjs";

const check = process.argv.includes("--check");
const { status } = forge([
  "test",
  "--isolate",
  "--match-contract",
  "GasTest",
  "--gas-snapshot-check",
  String(check),
  "--gas-snapshot-emit",
  String(!check),
]);
process.exit(status ?? 1);
