import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { contractAbi } from './build/contractAbi.ts';
import { fakeNodePlugin } from './dev/fakeNodePlugin.ts';

export default defineConfig({
  plugins: [svelte(), contractAbi(new URL('../contracts/abi/', import.meta.url)), fakeNodePlugin()],
  build: {
    // A script inlined into the page would break the content security policy `default-src 'self'`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: { include: ['tests/**/*.test.ts'] },
});
