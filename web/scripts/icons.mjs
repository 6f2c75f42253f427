// Makes the PNG icons of the installed app from public/icon.svg: `npm run icons`. CHROMIUM names the browser that draws them.
import { readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const drawing = readFileSync(new URL('../public/icon.svg', import.meta.url), 'utf8');
const ground = '#f6f5f2';

/** Side, share of it that the drawing takes, ground. A maskable icon may be cut to a circle of 80 %. */
const icons = {
  'icon-192': [192, 0.8, ground],
  'icon-512': [512, 0.8, ground],
  'maskable-512': [512, 0.56, ground],
  'apple-180': [180, 0.72, ground],
  'badge-96': [96, 0.9, null],
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
const page = await browser.newPage();
for (const [name, [side, share, colour]] of Object.entries(icons)) {
  await page.setViewportSize({ width: side, height: side });
  // A badge is a silhouette: its colour is the system's.
  const image = colour === null ? drawing.replaceAll(/#[0-9a-f]{3,6}/gi, '#ffffff') : drawing;
  const inner = Math.round(side * share);
  await page.setContent(
    `<style>body{margin:0;display:grid;place-items:center;height:${side}px;background:${colour ?? 'transparent'}}` +
      `svg{width:${inner}px;height:${inner}px}</style>${image}`,
  );
  const file = new URL(`../public/icons/${name}.png`, import.meta.url);
  writeFileSync(file, await page.screenshot({ omitBackground: true }));
}
await browser.close();
