import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const prefix = 'virtual:contract/';

interface Entry {
  type: string;
  name?: string;
  inputs?: unknown[];
  outputs?: unknown[];
}

/**
 * `import { verify } from 'virtual:contract/Anchors'`: a function's description from the contract's own ABI file, so that
 * nothing is typed twice and only the functions in use are shipped.
 */
export function contractAbi(folder: URL): Plugin {
  return {
    name: 'contract-abi',
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const file = new URL(`${id.slice(prefix.length + 1)}.json`, folder);
      this.addWatchFile(file.pathname);
      const json = JSON.parse(readFileSync(file, 'utf8')) as Entry[] | { abi: Entry[] };
      const functions = (Array.isArray(json) ? json : json.abi).filter((entry) => entry.type === 'function');
      return functions.map(({ name, inputs, outputs }) => line(name, { name, inputs, outputs })).join('\n');
    },
  };
}

function line(name: string | undefined, description: unknown): string {
  const text = JSON.stringify(description, (key, value: unknown) => (key === 'internalType' ? undefined : value));
  return `export const ${name} = ${text};`;
}
