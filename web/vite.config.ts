import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { contractAbi } from './build/contractAbi.ts';
import { firstLoad } from './build/firstLoad.ts';
import { precompress } from './build/precompress.ts';
import { preloadScreen } from './build/preloadScreen.ts';
import { serviceWorker } from './build/serviceWorker.ts';
import { fakeNodePlugin } from './dev/fakeNodePlugin.ts';

export default defineConfig({
  plugins: [
    svelte(),
    contractAbi(new URL('../contracts/abi/', import.meta.url)),
    preloadScreen(/\/NowPage-/),
    serviceWorker(new URL('./public/', import.meta.url)),
    firstLoad(300 * 1024, [/\/NowPage-/, /\/hi-/]),
    precompress(),
    fakeNodePlugin(),
  ],
  build: {
    // A script inlined into the page would break the content security policy `default-src 'self'`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // Far longer than any test takes: how quick a machine is, is not what they find out.
  test: { include: ['tests/**/*.test.ts'], testTimeout: 60_000 },
});
