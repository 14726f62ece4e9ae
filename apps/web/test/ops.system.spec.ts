import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operationStream } from '@abland/domain';
import { eventually } from '@abland/testing';
import { Wallet } from 'ethers';
import type { Browser, Page, Route } from 'playwright-core';
import { startTestApi, type TestApi } from '../../api/test/test-api.js';
import { FIRST_PAGE_BYTES_MAX, pageSizes } from '../sizes.mjs';
import { PATHS } from '../src/app/paths.js';
import { letChainStand, parkCommand, parkEvent, parkLog } from './troubles.js';
import { CHROMIUM, holdBack, openBrowser, openOps, type OpsPage, PATIENCE_MS } from './ops-browser.js';

const assets = fileURLToPath(new URL('../dist/assets/', import.meta.url));

if (CHROMIUM === undefined)
  process.stderr.write('skipped: the dashboard in a browser, as no Chromium is installed here\n');
const inBrowser = CHROMIUM === undefined ? it.skip : it;

const [operator, second, stranger, withExtension] = [
  Wallet.createRandom(),
  Wallet.createRandom(),
  Wallet.createRandom(),
  Wallet.createRandom(),
];
let api: TestApi;
let browser: Browser | null = null;
let ops: OpsPage;

beforeAll(async () => {
  // In a process of its own: the bundler does not run in Jest's. Does nothing where the app is built.
  execFileSync(process.execPath, [fileURLToPath(new URL('../build.mjs', import.meta.url))]);
  api = await startTestApi({
    config: {
      operators: [operator.address, second.address, withExtension.address],
      approvals: ['switch-back'],
      developmentAccounts: [operator, second, stranger].map(({ address, privateKey }) => ({
        address,
        privateKey,
      })),
    },
  });
  if (CHROMIUM === undefined) return;
  browser = await openBrowser();
  ops = await openOps(browser, api.client.url);
  await signIn(ops.page, operator.address);
});
afterAll(async () => {
  await browser?.close();
  await api.stop();
});

const signIn = (page: Page, address: string): Promise<void> =>
  page.locator('.wallet', { hasText: address.slice(0, 6) }).click();
const go = async (page: Page, name: string, title = name): Promise<void> => {
  await page.locator('.side').getByRole('link', { name }).click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
};
const KEYS = [
  ...[['w', 'Pipeline'] as const, ['p', 'Projections'] as const, ['e', 'Parked'] as const],
  ...[['c', 'Chain'] as const, ['l', 'Log'] as const, ['a', 'Acts'] as const],
];
/** Pressed again until they came soon enough one after the other, as a busy machine may not let them. */
const goByKeys = (page: Page, key: string, title: string): Promise<void> =>
  eventually(async () => {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    expect(await page.getByRole('heading', { level: 1, name: title }).isVisible()).toBe(true);
  }, PATIENCE_MS);
/** Gives an act its reason, and waits until it is done. */
const say = async (page: Page, title: string | RegExp, button: string, reason: string): Promise<void> => {
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.getByLabel('Why').fill(reason);
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
};
const browserOf = (): Browser => {
  if (browser === null) throw new Error('There is no browser');
  return browser;
};

describe('the pages of the dashboard', () => {
  it('are served with nothing in them that would run but what its hash allows, and nothing of another host', async () => {
    for (const path of ['/', '/tokens/0x01', '/ops', '/ops/projections']) {
      const response = await fetch(`${api.client.url}${path}`);
      expect(response.status).toBe(200);
      const policy = response.headers.get('content-security-policy');
      expect(policy).not.toContain('unsafe');
      const html = await response.text();
      const [, map = ''] = /<script type="importmap">(.*)<\/script>/.exec(html) ?? [];
      const hash = createHash('sha256').update(map).digest('base64');
      expect(policy).toContain(`script-src 'self' 'sha256-${hash}'; style-src 'self';`);
      expect(html).not.toMatch(/(?:src|href)="(?!\/assets\/)|<script>|<style|style="/);
      const own = html.match(/<(?:script|link)[^>]*\/assets\/[^>]*\.(?:js|css)"[^>]*>/g) ?? [];
      expect(own.length).toBeGreaterThan(1);
      for (const tag of own) expect(tag).toContain('integrity="sha384-');
      const { integrity } = JSON.parse(map) as { integrity: Record<string, string> };
      const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
      expect(Object.keys(integrity).toSorted()).toEqual(scripts.map((name) => `/assets/${name}`).toSorted());
    }
    const [script] = readdirSync(assets).filter((name) => name.endsWith('.js'));
    const { headers } = await fetch(`${api.client.url}/assets/${script}`);
    expect(headers.get('cache-control')).toContain('immutable');
    expect((await fetch(`${api.client.url}/assets/no-such.js`)).status).toBe(404);
  });

  it('are found by people, and what there is not is told to them as a page and to programs as an error', async () => {
    const ask = (path: string, accept: string) => fetch(`${api.client.url}${path}`, { headers: { accept } });
    const page = await ask('/no-such-page', 'text/html,*/*');
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('<div id="app">');
    for (const path of ['/no-such-page', '/tokens/0x01/more']) {
      const told = await ask(path, 'application/json');
      expect([told.status, told.headers.get('content-type')]).toEqual([404, expect.stringContaining('json')]);
    }
    for (const path of PATHS)
      expect((await ask(path.replace(/:\w+/, '0x01'), 'application/json')).status).toBe(200);
    expect((await ask('/assets/no-such.js', 'text/html')).status).toBe(404);
  });

  it('have less than 200 kB of compressed script each, as the build noted it', () => {
    const sizes = pageSizes() ?? [];
    expect(sizes.map(({ page }) => page)).toContain('market/home/HomePage');
    expect(sizes.filter(({ bytes }) => bytes > FIRST_PAGE_BYTES_MAX)).toEqual([]);
  });

  inBrowser('let nobody in who is no operator, and say so', async () => {
    const { page } = await openOps(browserOf(), api.client.url);
    // Who one is, is asked again where that was not answered.
    let wasRefused = false;
    await page.route('**/graphql', (route) => {
      const isRefused = !wasRefused && (route.request().postData() ?? '').includes('query Viewer');
      wasRefused ||= isRefused;
      return isRefused ? route.abort() : route.fallback();
    });
    await signIn(page, stranger.address);
    await page.getByText('These pages are for operators').waitFor();
    expect(await page.locator('.shell').count()).toBe(0);
    expect(wasRefused).toBe(true);
    await page.context().close();
  });

  inBrowser('let in by a wallet of the browser that tells of itself', async () => {
    const { page } = await openOps(browserOf(), api.client.url, async (context) => {
      await context.exposeFunction('signByWallet', (hex: string) =>
        withExtension.signMessage(Buffer.from(hex.slice(2), 'hex')),
      );
      await context.addInitScript((address) => {
        const target = globalThis as unknown as EventTarget;
        const provider = {
          request: ({ method, params }: { method: string; params?: string[] }) =>
            method === 'eth_requestAccounts'
              ? Promise.resolve([address])
              : (target as unknown as { signByWallet: (hex: string) => unknown }).signByWallet(
                  params?.[0] ?? '',
                ),
        };
        const info = {
          uuid: 'one',
          name: 'A wallet',
          icon: 'https://elsewhere.example/icon.png',
          rdns: 'example',
        };
        const announce = (): boolean =>
          target.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: { info, provider } }));
        target.addEventListener('eip6963:requestProvider', announce);
      }, withExtension.address);
    });
    await page.getByRole('button', { name: 'A wallet' }).click();
    await page.getByRole('heading', { level: 1, name: 'Pipeline' }).waitFor();
    await page.context().close();
  });

  inBrowser('draw the whole way, and a stage that nobody tells of as standing', async () => {
    const { page } = ops;
    await page.getByRole('heading', { level: 1, name: 'Pipeline' }).waitFor();
    const indexer = page.locator('.stage', { hasText: 'Indexer' });
    await indexer.getByText('Runs').waitFor();
    await page.locator('.stage-row', { hasText: 'Tokens' }).first().waitFor();
    const telling = api.programs.telling;
    api.programs.telling = (pulses) => pulses.filter(({ part }) => !part.startsWith('indexer'));
    await indexer.getByText('No program tells of it').waitFor();
    await page.locator('.side .count').first().waitFor();
    api.programs.telling = telling;
    await indexer.getByText('Runs').waitFor();
    await indexer.click();
    await page.getByRole('region', { name: 'Indexer' }).getByText('Chain answered').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'Indexer' }).waitFor({ state: 'detached' });
  });

  inBrowser('rebuild a projection, show what differs, promote it, and list what was done', async () => {
    const { page } = ops;
    await go(page, 'Projections');
    await page.locator('.tr', { hasText: 'governance' }).click();
    const detail = page.getByRole('region', { name: 'governance' });
    const act = async (name: string, reason: string): Promise<void> => {
      await detail.getByRole('button', { name, exact: true }).click();
      const dialog = page.getByRole('dialog', { name: `${name} governance` });
      const button = dialog.getByRole('button', { name, exact: true });
      expect(await button.isDisabled()).toBe(true);
      await dialog.getByLabel('Why').fill(reason);
      await button.click();
      await dialog.waitFor({ state: 'hidden' });
    };
    await act('Rebuild', 'To see it anew');
    await detail.locator('.build', { hasText: 'Ready' }).waitFor();
    await detail.getByText('No difference').waitFor();
    // The read model of acts comes to it later than the build is live: what comes then is shown all the same.
    const held = await holdBack(page, 'It is the same');
    await act('Promote', 'It is the same');
    await detail.locator('.build[data-state=LIVE]', { hasText: 'To see it anew' }).waitFor();
    await eventually(async () => expect(held.times()).toBeGreaterThan(0));
    held.letGo();
    await api.chain.mine();
    await detail.locator('.acts', { hasText: 'Promote projection' }).waitFor();
    // It is said for some seconds: on a busy machine it may be over by the time that the dialog is seen to be gone.
    const said = page.getByText('another operator has to approve it').waitFor();
    await Promise.all([said, act('Switch back', 'To have been there')]);
    await approve('To have been there');
    await detail.locator('.build[data-state=RETIRED]', { hasText: 'To see it anew' }).waitFor();
    await act('Discard', 'Enough of it');
    await eventually(async () => expect(await detail.locator('.build').count()).toBe(1));
    await go(page, 'Acts');
    const acts = page.getByRole('listbox', { name: 'Acts' });
    await acts.getByText('Enough of it').waitFor();
    await eventually(async () => expect(await acts.getByRole('option').count()).toBe(4));
    await acts.getByRole('option').first().click();
    await page.keyboard.press('End');
    const id = await page.getByRole('region', { name: 'Act' }).locator('.id').getAttribute('title');
    expect((await api.events(operationStream(id ?? ''))).map(({ type }) => type)).toEqual([
      ...['OperationRequested', 'OperationCompleted'],
    ]);
    const time = page.getByRole('region', { name: 'Act' }).locator('time').first();
    expect(await time.getAttribute('title')).toContain('UTC');
  });

  /** As the second operator, who finds it by the number at the page's name; the first one is not offered it. */
  async function approve(reason: string): Promise<void> {
    const { page } = await openOps(browserOf(), api.client.url);
    await signIn(page, second.address);
    await page.locator('.side').getByLabel('1 to look at').waitFor();
    for (const one of [ops.page, page]) {
      await go(one, 'Acts');
      await one.getByRole('button', { name: 'Awaiting approval' }).click();
      await one.getByRole('listbox', { name: 'Acts' }).getByText(reason).click();
    }
    const own = ops.page.getByRole('region', { name: 'Act' });
    await own.getByRole('button', { name: 'Take back' }).waitFor();
    expect(await own.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    await page.getByRole('region', { name: 'Act' }).getByRole('button', { name: 'Approve' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why').fill('So have I');
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('Nothing awaits approval').waitFor();
    await page.context().close();
    await go(ops.page, 'Projections');
    await ops.page.locator('.tr', { hasText: 'governance' }).click();
  }

  inBrowser('tell what an act was refused with, and leave it to be corrected', async () => {
    const { page } = ops;
    await go(page, 'Projections');
    await page.locator('.tr', { hasText: 'candles' }).click();
    const detail = page.getByRole('region', { name: 'candles' });
    await detail.getByRole('button', { name: 'Rebuild', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Rebuild candles' });
    const abort = (route: Route): Promise<void> => route.abort();
    await page.route('**/graphql', abort);
    await dialog.getByLabel('Why').fill('While nobody answers');
    await dialog.getByRole('button', { name: 'Rebuild', exact: true }).click();
    await dialog.getByRole('alert').getByText('not known whether this was done').waitFor();
    await page.unroute('**/graphql', abort);
    await dialog.getByRole('button', { name: 'Rebuild', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await detail.locator('.build', { hasText: 'Ready' }).waitFor();
    expect(ops.faults.splice(0).every((fault) => fault.includes('ERR_FAILED'))).toBe(true);
  });

  inBrowser('go through the log, from an act to all that belongs to it', async () => {
    const { page } = ops;
    await go(page, 'Log');
    await page.getByLabel('Types').fill('OperationCompleted');
    await page.getByRole('button', { name: 'Look', exact: true }).click();
    const events = page.getByRole('listbox', { name: 'Events' });
    await events.getByRole('option').first().click();
    const event = page.getByRole('region', { name: 'Event' });
    await event.locator('.payload', { hasText: 'operationId' }).waitFor();
    await event.locator('.tree-event[aria-current]').waitFor();
    await event.locator('.link-button').first().click();
    await eventually(async () => expect(await events.getByRole('option').count()).toBe(2));
    await events.getByRole('option', { name: 'Operation requested' }).waitFor();
  });

  inBrowser('show what is parked with its error, and what skipping it was refused with', async () => {
    const { page } = ops;
    await parkLog(api, 'LOG_UNDECODABLE', 'too few bytes');
    await go(page, 'Parked');
    await page.getByRole('option', { name: 'LOG_UNDECODABLE' }).click();
    const detail = page.getByRole('region', { name: 'What is parked' });
    await detail.getByText('too few bytes').waitFor();
    await detail.getByRole('button', { name: 'Skip' }).click();
    const dialog = page.getByRole('dialog', { name: /^Skip/ });
    await dialog.getByLabel('Why').fill('It is none of ours');
    await dialog.getByRole('button', { name: 'Skip' }).click();
    await dialog.getByRole('alert').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  inBrowser('show what a process parks, and what a reorg takes back, while they are looked at', async () => {
    const { page } = ops;
    await go(page, 'Parked');
    await page.getByRole('option', { name: 'LOG_UNDECODABLE' }).waitFor();
    await parkCommand(api, 'OUT_OF_LUCK');
    await page.getByRole('option', { name: 'OUT_OF_LUCK' }).click();
    const detail = page.getByRole('region', { name: 'What is parked' });
    await detail.getByRole('button', { name: 'Skip' }).click();
    await Promise.all([
      page.getByText('It is left out').waitFor(),
      say(page, /^Skip/, 'Skip', 'Confirmed by hand'),
    ]);
    await page.getByRole('option', { name: 'OUT_OF_LUCK' }).waitFor({ state: 'detached' });
    await go(page, 'Chain');
    await page.getByText('Nothing was taken back').waitFor();
    await api.chain.mine();
    await api.chain.revert(1);
    await page.getByText('1 block taken back').waitFor();
  });

  inBrowser('retry what a read model parked, and show it no more once the build is live', async () => {
    const { page } = ops;
    await parkEvent(api, 'swaps', 'PROJECTION_DEFECT');
    await go(page, 'Parked');
    await page.getByRole('option', { name: 'PROJECTION_DEFECT' }).click();
    const detail = page.getByRole('region', { name: 'What is parked' });
    await detail.getByText('ours: our code broke').waitFor();
    await detail.locator('.stack', { hasText: 'at fold' }).waitFor();
    await detail.locator('.payload:not(.stack)').waitFor();
    await detail.getByRole('button', { name: 'Retry' }).click();
    const told = page.getByText('The read model is being built anew').waitFor();
    await Promise.all([told, say(page, /^Retry/, 'Retry', 'Our code is mended')]);
    await page.getByRole('option', { name: 'PROJECTION_DEFECT' }).waitFor({ state: 'detached' });
    await detail.waitFor({ state: 'detached' });
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  inBrowser('tell that a chain stands, and let an operator decide on the branch', async () => {
    const { page } = ops;
    await go(page, 'Chain');
    const goOn = await letChainStand(api);
    const alarm = page.getByRole('alert').filter({ hasText: 'The chain stands' });
    await alarm.getByText('another block in the place of a final one').waitFor();
    const accepted = async (): Promise<readonly unknown[]> =>
      (await api.pool.query('SELECT outcome FROM leases.accepted_reorgs')).rows.map(({ outcome }) => outcome);
    await alarm.getByRole('button', { name: 'Accept its branch' }).click();
    await say(page, 'Accept the provider’s branch', 'Accept', 'The network went back');
    expect(await accepted()).toEqual([null]);
    await alarm.getByRole('button', { name: 'Wait for ours' }).click();
    await say(page, 'Wait for our branch', 'Wait', 'It was a mistake');
    expect(await accepted()).toMatchObject([{ kind: 'FAILED', code: 'REORG_WITHDRAWN' }]);
    goOn();
    await go(page, 'Acts');
    await page.getByRole('listbox', { name: 'Acts' }).getByText('It was a mistake').waitFor();
  });

  inBrowser('say that the connection is gone, and what came meanwhile once it is back', async () => {
    const { page } = ops;
    await go(page, 'Pipeline');
    // What it knows of the log is told each second: what was done before is not to be among what came meanwhile.
    await eventually(async () =>
      expect(await page.locator('.node-log strong').textContent()).toBe(String(await api.store.head())),
    );
    ops.cut();
    await page.getByRole('alert').getByText('The connection is gone').waitFor();
    await api.chain.mine();
    await api.chain.mine();
    ops.mend();
    await page.getByText('2 events came meanwhile').waitFor();
    await page.getByRole('button', { name: 'Good' }).click();
  });

  inBrowser('go by keyboard, remember the colours, and have shown no fault on the way', async () => {
    const { page } = ops;
    await goByKeys(page, 'c', 'Chain');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Colours: system' }).click();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Chain' }).waitFor();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.setViewportSize({ width: 320, height: 640 });
    for (const [key, title] of KEYS) {
      await goByKeys(page, key, title);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    }
    expect(ops.faults.filter((fault) => !/WebSocket/.test(fault))).toEqual([]);
  });
});
