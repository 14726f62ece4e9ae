import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { SystemUnderTest } from '../../abland/test/system-under-test.js';
import { CHROMIUM, openBrowser, PATIENCE_MS } from './ops-browser.js';

if (CHROMIUM === undefined)
  process.stderr.write('skipped: the market in a browser, as no Chromium is installed here\n');
const inBrowser = CHROMIUM === undefined ? it.skip : it;

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

let system: SystemUnderTest;
let browser: Browser | null = null;
let page: Page;
/** What went wrong in the page, and what it asked of anybody else. */
const faults: string[] = [];

async function openMarket(
  size: { width: number; height: number },
  colorScheme: 'light' | 'dark',
): Promise<Page> {
  if (browser === null) throw new Error('There is no browser');
  // Axe is put into the page for the test, which its policy would not let anybody do.
  const context = await browser.newContext({
    ...{ viewport: size, colorScheme, locale: 'en-GB', bypassCSP: false },
    ...{ timezoneId: 'Asia/Tokyo', reducedMotion: 'reduce' },
  });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript({ path: AXE });
  const opened = await context.newPage();
  opened.on('request', (request) => {
    if (
      /^(?:https?|wss?):/.test(request.url()) &&
      new URL(request.url()).host !== new URL(system.apiUrl).host
    )
      faults.push(request.url());
  });
  opened.on('pageerror', (error) => faults.push(error.message));
  opened.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  return opened;
}

const violations = (of: Page): Promise<readonly string[]> =>
  of.evaluate(async (rules) => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: unknown): Promise<{ violations: Violation[] }> };
    };
    const found = await axe.run({ runOnly: { type: 'tag', values: rules } });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  }, RULES);

/** Signs in with a development account, which a fresh system tells. */
async function connect(of: Page): Promise<void> {
  await of.getByRole('button', { name: 'Connect', exact: true }).click();
  await of.locator('.wallet').first().click();
  await of.locator('.account').waitFor();
}

/** From the terms to the chain, and to where nothing takes it back. */
async function carryThrough(of: Page, confirm: string): Promise<void> {
  const dialog = of.getByRole('dialog');
  await dialog.getByRole('button', { name: confirm, exact: true }).click();
  await dialog.getByText('This is what your wallet will be asked to sign').waitFor();
  expect(await violations(of)).toEqual([]);
  await dialog.getByRole('button', { name: 'Sign', exact: true }).click();
  await dialog.locator('[aria-current=step]', { hasText: /Confirmed|Final/ }).waitFor();
}

async function launch(of: Page, name: string, symbol: string): Promise<void> {
  await of.goto(`${system.apiUrl}/create`);
  await of.getByLabel('Name', { exact: true }).fill(` ${name}`);
  await of.getByText('no space first or last').waitFor();
  await of.getByLabel('Name', { exact: true }).fill(name);
  await of.getByLabel('Symbol', { exact: true }).fill(symbol);
  await of.getByRole('button', { name: 'Review the launch' }).click();
  await carryThrough(of, 'Confirm');
  await of.getByRole('dialog').getByText(`${symbol} is on the chain.`).waitFor();
}

async function chooseToken(of: Page, label: string, symbol: string): Promise<void> {
  const field = of.locator('.amount-field', { has: of.getByLabel(label, { exact: true }) });
  await field.locator('.token-choose').click();
  const dialog = of.getByRole('dialog', { name: 'Choose a token' });
  await dialog.getByRole('searchbox').fill(symbol);
  await dialog.getByRole('button', { name: symbol }).first().click();
  await dialog.waitFor({ state: 'detached' });
}

beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  system = await SystemUnderTest.create();
  await system.start();
  browser = await openBrowser();
  page = await openMarket({ width: 1440, height: 900 }, 'dark');
});
afterAll(async () => {
  await browser?.close();
  await system?.remove();
});

describe('the market in a browser, on a fresh system', () => {
  inBrowser('teaches who comes to an empty market what to do', async () => {
    await page.goto(system.apiUrl);
    await page.getByText('No token was launched yet').waitFor();
    await page.locator('.freshness').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  inBrowser('lets a person connect a development wallet and launch tokens', async () => {
    await connect(page);
    await launch(page, 'Aurora', 'AUR');
    await launch(page, 'Boreal', 'BOR');
    await page.goto(`${system.apiUrl}/tokens?sort=NEWEST`);
    await page.getByRole('row', { name: /BOR/ }).waitFor();
    await page.getByRole('row', { name: /AUR/ }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  inBrowser('opens a pool of them', async () => {
    await page.goto(`${system.apiUrl}/pools?open=new`);
    await chooseToken(page, 'First token', 'AUR');
    await chooseToken(page, 'Second token', 'BOR');
    await page.getByLabel('First token', { exact: true }).fill('10000');
    await page.getByLabel('Second token', { exact: true }).fill('5000');
    await page.getByText('It begins at 1 AUR = 0.5 BOR').waitFor();
    await page.getByRole('button', { name: 'Review', exact: true }).click();
    await carryThrough(page, 'Confirm');
    await page.getByRole('dialog').getByRole('link', { name: 'Go to the pool' }).click();
    await page.getByRole('heading', { level: 1, name: /AUR/ }).waitFor();
    await page.locator('.lines', { hasText: 'AUR in the pool' }).getByText('10K').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  inBrowser('swaps in it, and tells what was received and once nothing takes it back', async () => {
    await page.goto(`${system.apiUrl}/trade`);
    // All that one has: once it is mined one has less than was typed, and is told of it to its end all the same.
    await page.getByRole('button', { name: /You have/ }).click();
    await page.getByText('At least (0.5 % slippage)').waitFor();
    await page.getByRole('button', { name: 'Review the swap' }).click();
    await carryThrough(page, 'Confirm');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('You received').waitFor();
    // The embedded chain mines a block now and then by itself; a few more make it final.
    await mine(6);
    await dialog.locator('[aria-current=step]', { hasText: 'Final' }).waitFor();
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    await page.goto(`${system.apiUrl}/orders`);
    await page.getByRole('row', { name: /Swap.*final/ }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  inBrowser(
    'shows it to somebody on a phone who is not signed in, with its reason and its proof',
    async () => {
      const phone = await openMarket({ width: 320, height: 720 }, 'light');
      await phone.goto(system.apiUrl);
      await phone.locator('.card', { hasText: 'AUR' }).first().click();
      await phone.getByRole('heading', { level: 1, name: /Aurora/ }).waitFor();
      await phone.locator('[role=cell][data-column=paid]').first().waitFor();
      expect(await violations(phone)).toEqual([]);
      expect(await phone.evaluate<number>('document.documentElement.scrollWidth')).toBe(320);
      await phone.getByRole('tab', { name: 'Why' }).click();
      await phone.getByRole('button', { name: 'Check the proof' }).last().click();
      await phone.getByText(/Proved: in the signed log of \d+ events/).waitFor();
      await phone.context().close();
    },
  );

  inBrowser('has every page without a finding, in both languages, and nothing of another host', async () => {
    for (const path of [
      '/',
      '/portfolio',
      '/profile',
      '/governance',
      '/analytics',
      '/developers',
      '/audit',
      '/admin',
    ]) {
      await page.goto(`${system.apiUrl}${path}`);
      await page.locator('main h1').first().waitFor();
      await page.locator('.skeleton').waitFor({ state: 'detached' });
      expect([path, await violations(page)]).toEqual([path, []]);
    }
    await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
    await page.getByRole('link', { name: 'Bestand' }).click();
    await page.getByRole('heading', { level: 1, name: 'Bestand' }).waitFor();
    expect(await page.evaluate<string>('document.documentElement.lang')).toBe('de');
    expect(faults).toEqual([]);
  });
});

async function mine(blocks: number): Promise<void> {
  for (let mined = 0; mined < blocks; mined += 1)
    await fetch(system.rpcUrl, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ jsonrpc: '2.0', id: mined, method: 'evm_mine', params: [] }),
    });
}
