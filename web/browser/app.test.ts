import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { preview, type PreviewServer } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

/*
 * The built app in a real browser, against the made-up node: `npm run build && npm run test:browser`. CHROMIUM names the
 * browser; without one these tests are skipped.
 */
const executable = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const here = existsSync(executable) && existsSync(new URL('../dist/index.html', import.meta.url));

/** Wallets after EIP-6963; the second one announces itself late, and says no to every signature. */
const wallets = `
for (const [name, wait, signs] of [['Prompt Wallet', 0, true], ['Late Wallet', 800, false]]) {
  const request = ({ method }) =>
    method === 'eth_requestAccounts' ? Promise.resolve(['0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'])
    : method === 'eth_chainId' ? Promise.resolve('0x7a69')
    : method === 'personal_sign' && !signs ? Promise.reject({ code: 4001, message: 'no' })
    : Promise.resolve('0x' + 'ab'.repeat(65));
  const detail = { info: { uuid: name, name, rdns: name, icon: '' }, provider: { request } };
  const say = () => dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }));
  if (wait === 0) addEventListener('eip6963:requestProvider', say);
  else setTimeout(say, wait);
}`;

describe.skipIf(!here)('the app in a browser', { timeout: 120_000 }, () => {
  let server: PreviewServer;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let base: string;
  let sent: string[];

  beforeAll(async () => {
    process.env['BUSBAR_FAKE'] = 'private';
    server = await preview({ preview: { port: 0, host: '127.0.0.1' } });
    base = server.resolvedUrls!.local[0]!;
    browser = await chromium.launch({
      executablePath: executable,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    });
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  beforeEach(async () => {
    await fetch(`${base}api/v1/session`, { method: 'DELETE' });
    context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    page = await context.newPage();
    await page.addInitScript(wallets);
    sent = [];
    context.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
  });

  afterEach(() => context.close());

  async function signIn(name = 'asha') {
    await page.goto(`${base}#/session`);
    await page.getByRole('textbox', { name: 'Name' }).fill(name);
    await page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery');
    await page.locator('form').getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Now' }).waitFor();
  }

  it('makes a key whose words, secret and bytes never leave the browser', async () => {
    await page.goto(`${base}#/session/invitation/ABCD-EFGH-JKMN-PQRS`);
    await page.getByLabel('Name of your account').fill('asha');
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill('correct horse battery');
    await page.getByLabel('Password again').fill('correct horse battery');
    await page.getByRole('button', { name: 'Make or restore a key' }).click();
    await page.getByRole('button', { name: 'Make a new key' }).click();
    const words = (await page.locator('dialog li').allInnerTexts()).map((text) => text.replace(/^\d+\s*/, '').trim());
    expect(words).toHaveLength(12);
    await page.getByRole('button', { name: 'I have written them down' }).click();
    const fields = page.locator('dialog .field');
    for (const field of await fields.all()) {
      const place = Number(/\d+/.exec(await field.innerText())![0]);
      await field.locator('input').fill(words[place - 1]!);
    }
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Secret of the key').fill('another secret of mine');
    await page.getByLabel('Secret again').fill('another secret of mine');
    await page.getByRole('button', { name: 'Lock the key' }).click();
    await page.getByText('Your key is ready').waitFor({ timeout: 90_000 });
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByRole('heading', { name: 'Now' }).waitFor();
    const made = sent.find((request) => request.includes('/api/v1/accounts '))!;
    expect(made).toContain('"ciphertext"');
    const all = sent.join('\n');
    expect(all).not.toContain('another secret of mine');
    expect(all).not.toContain(words.slice(0, 3).join(' '));
    const { keyOf } = await import('../src/keys/mnemonic');
    const { toHex } = await import('../src/proof/bytes');
    const key = toHex(await keyOf(words.join(' '))).slice(2);
    expect(all.toLowerCase()).not.toContain(key);
  });

  it('finds wallets that announce themselves late, and says what a no means', async () => {
    await page.goto(`${base}#/session`);
    await page.getByRole('button', { name: 'Late Wallet' }).click();
    await page.getByText('You said no in your wallet').waitFor();
    await page.getByRole('button', { name: 'Prompt Wallet' }).click();
    await page.getByRole('heading', { name: 'Now' }).waitFor();
  });

  it('shows the last data offline, and none of it after signing out', async () => {
    await signIn();
    await page.getByRole('heading', { name: 'House 7' }).waitFor();
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    await page.getByRole('heading', { name: 'House 7' }).waitFor();
    await context.setOffline(true);
    await page.reload();
    await page.getByRole('heading', { name: 'House 7' }).waitFor();
    await page.getByText('Last seen').first().waitFor();
    await context.setOffline(false);
    await page.goto(`${base}#/session`);
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByText('You are signed out').waitFor();
    const kept = await page.evaluate(async () => {
      const cache = await caches.open('busbar-data');
      const texts = (await cache.keys()).map(async (key) => (await cache.match(key))!.text());
      return (await Promise.all(texts)).join('\n');
    });
    expect(kept).not.toContain('House 7');
    expect(kept).not.toContain('asha');
  });

  it('shows a bill line by line, tells what is wrong with an amount, and prints one page', async () => {
    await signIn();
    await page.goto(`${base}#/bills`);
    await page.getByText('overdue by').waitFor();
    await page.getByRole('button', { name: 'Pay', exact: true }).click();
    const amount = page.getByLabel('Amount');
    expect(await amount.inputValue()).toMatch(/^1\.\d+$/);
    await amount.fill('much');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Write coins with at most 18 digits').waitFor();
    await amount.fill('0.25');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('0.25 coin').waitFor();
    await page.getByText('The oldest bills are paid first').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).last().click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('main').getByRole('link', { name: '2026' }).first().click();
    await page.getByRole('heading', { name: 'Electricity bill' }).waitFor();
    await page.getByText('Electricity duty, 7.5 %').waitFor();
    expect(await page.getByRole('link', { name: 'Check the proof' }).count()).toBe(2);
    const paper = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(paper.match(/\/Type \/Page\b/g)).toHaveLength(1);
  });

  it('says loudly when the books do not agree, and where', async () => {
    await signIn('operator');
    await page.goto(`${base}#/money/books`);
    await page.getByRole('status').getByText('The books agree to the wei').waitFor();
    await page.getByRole('button', { name: 'Check now' }).click();
    const alert = page.getByRole('alert');
    await alert.getByText('The books do not agree: 1 fault').waitFor();
    await alert.getByText('0.712500000000000001').waitFor();
    await alert.getByRole('link', { name: 'House 7' }).waitFor();
  });

  it('tries a tariff before anybody signs it', async () => {
    await signIn('operator');
    await page.goto(`${base}#/money/tariffs`);
    await page.getByRole('button', { name: 'New tariff' }).click();
    await page.getByLabel('The tariff’s text').fill('zone: UTC');
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('name: is missing').waitFor();
    await page.getByLabel('The tariff’s text').fill('name: Domestic');
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('A bill for 30 days').waitFor();
    await page.getByText('A regulator publishes it.').waitFor();
  });

  it('tells who a screen is for, and comes back to it after signing in', async () => {
    await page.goto(`${base}#/devices`);
    await page.getByText('This screen is for').waitFor();
    await page.locator('main').getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('operator');
    await page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery');
    await page.locator('form').getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${base}#/devices`);
    await page.getByText('This screen is for').waitFor({ state: 'detached' });
  });

  it.each(['light', 'dark'] as const)('has no serious finding of axe: %s', async (scheme) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await signIn('operator');
    for (const place of [
      'now',
      'session',
      'settings',
      'verify',
      'bills',
      'bills/-/4',
      'money',
      'money/books',
      'money/tariffs',
    ]) {
      await page.goto(`${base}#/${place}`);
      await page.locator('main h1').waitFor();
      const { violations } = await new AxeBuilder({ page }).analyze();
      const bad = violations.filter((one) => one.impact === 'serious' || one.impact === 'critical');
      expect(bad.map((one) => `${place} ${one.id} ${one.nodes[0]?.html}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    }
  });
});
