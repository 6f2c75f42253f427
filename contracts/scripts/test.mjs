// Runs every forge test and prints "N passed, N failed, N skipped" alone on its last line.
// Gas tests run apart, each call a transaction of its own, against the committed snapshots/gas.json.
import { forge } from "./forge.mjs";

const counts = { Success: 0, Failure: 0, Skipped: 0 };

function run(args) {
  const result = forge(["test", "--json", ...args], "pipe");
  let suites;
  try {
    suites = JSON.parse(result.stdout.slice(result.stdout.indexOf("{")));
  } catch {
    process.stdout.write(result.stdout + result.stderr);
    counts.Failure++;
    return;
  }
  let failures = 0;
  for (const [suite, { test_results: tests }] of Object.entries(suites)) {
    for (const [name, test] of Object.entries(tests)) {
      counts[test.status]++;
      if (test.status === "Success") continue;
      if (test.status === "Failure") failures++;
      const example = test.counterexample ? ` with ${JSON.stringify(test.counterexample)}` : "";
      console.log(`${test.status} ${suite} ${name}: ${test.reason ?? "no reason given"}${example}`);
    }
  }
  if (result.status !== 0 && failures === 0) {
    process.stdout.write(result.stderr);
    console.log("Failure: the gas is not that of snapshots/gas.json (npm run snapshot writes it anew)");
    counts.Failure++;
  }
}

run(["--no-match-contract", "GasTest"]);
run(["--isolate", "--match-contract", "GasTest", "--gas-snapshot-check", "true", "--gas-snapshot-emit", "false"]);
console.log(`${counts.Success} passed, ${counts.Failure} failed, ${counts.Skipped} skipped`);
process.exit(counts.Failure === 0 && counts.Success > 0 ? 0 : 1);
