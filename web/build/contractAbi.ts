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
 * nothing is typed twice and only the functions in use are shipped; `errors` are the refusals that the contract can give.
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
      const entries = Array.isArray(json) ? json : json.abi;
      const errors = entries
        .filter((entry) => entry.type === 'error')
        .map(({ name, inputs }) => ({ name, inputs, outputs: [] }));
      return [
        ...entries
          .filter((entry) => entry.type === 'function')
          .map(({ name, inputs, outputs }) => line(name, { name, inputs, outputs })),
        line('errors', errors),
      ].join('\n');
    },
  };
}

function line(name: string | undefined, description: unknown): string {
  const text = JSON.stringify(description, (key, value: unknown) => (key === 'internalType' ? undefined : value));
  return `export const ${name} = ${text};`;
}
