// Draws every page of the dashboard into docs/ops, wide and narrow, light and dark: starts a system of its own in a folder that is
// dropped again, lets the demo trade there and an operator act. Ports: PORT and CHAIN_PORT, as of `npm start`.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onOwnSystem, open, root, start, until, url } from './own-system.mjs';

const pictures = join(root, 'docs/ops');

const SIZES = [
  { name: 'wide', width: 1440, height: 900 },
  { name: 'narrow', width: 320, height: 720 },
];
const COLOURS = ['light', 'dark'];

/** Blocks that are taken back: the chain goes on from before them. */
async function reorganise(rpcUrl) {
  const ask = async (method, ...params) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const response = await fetch(rpcUrl, {
      ...{ method: 'POST', body },
      headers: { 'content-type': 'application/json' },
    });
    return (await response.json()).result;
  };
  const before = await ask('evm_snapshot');
  for (let blocks = 0; blocks < 2; blocks += 1) await ask('evm_mine');
  const head = BigInt(await ask('eth_blockNumber'));
  await indexed(head);
  await ask('evm_revert', before);
  for (let blocks = 0; blocks < 3; blocks += 1) await ask('evm_mine');
  await indexed(head + 1n);
}

async function indexed(block) {
  await until(async () => {
    const body = JSON.stringify({ query: '{ _meta { indexedBlock } }' });
    const response = await fetch(`${url}/graphql`, {
      ...{ method: 'POST', body },
      headers: { 'content-type': 'application/json' },
    });
    return BigInt((await response.json()).data._meta.indexedBlock) >= block;
  }, `block ${block} is indexed`);
}

/** What an operator does, for the pages to have something to show. */
async function act(browser) {
  const page = await open(browser);
  const done = async (name, projection, reason) => {
    await page.goto(`${url}/ops/projections?name=${projection}`);
    await page.getByRole('region', { name: projection }).getByRole('button', { name, exact: true }).click();
    const dialog = page.getByRole('dialog', { name: `${name} ${projection}` });
    await dialog.getByLabel('Why').fill(reason);
    await dialog.getByRole('button', { name, exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
  };
  const ready = (projection) =>
    page.getByRole('region', { name: projection }).locator('.build', { hasText: 'Ready' }).waitFor();
  await done('Rebuild', 'pools', 'Its figures are asked for beside the live ones');
  await ready('pools');
  await done('Promote', 'pools', 'They are the same');
  await done('Switch back', 'pools', 'To compare once more');
  await done('Rebuild', 'tokens', 'A holder asks how a figure came about');
  await ready('tokens');
  await page.getByText('No difference').waitFor();
  await page.context().close();
}

const PAGES = [
  { name: 'pipeline', path: '/ops', shows: (page) => page.locator('.stage', { hasText: 'Runs' }).first() },
  {
    name: 'projections',
    path: '/ops/projections?name=tokens',
    shows: (page) => page.getByText('Rebuild projection').first(),
  },
  {
    name: 'parked',
    path: '/ops/parked',
    shows: (page) => page.getByText('Nothing is parked'),
  },
  { name: 'chain', path: '/ops/chain', shows: (page) => page.getByText('taken back').first() },
  {
    name: 'log',
    path: '/ops/log?types=PoolCreated',
    chooses: 'Events',
    shows: (page) => page.locator('.tree-event').first(),
  },
  {
    name: 'acts',
    path: '/ops/acts',
    chooses: 'Acts',
    shows: (page) => page.getByText('By', { exact: true }),
  },
];

async function draw(browser, size, colorScheme) {
  const page = await open(browser, { colorScheme, ...size });
  for (const { chooses, name, path, shows } of PAGES) {
    await page.goto(`${url}${path}`);
    if (chooses !== undefined)
      await page.getByRole('listbox', { name: chooses }).getByRole('option').first().click();
    await shows(page).waitFor();
    await page.locator('.side').getByText('Live').waitFor();
    await page.screenshot({
      path: join(pictures, `${name}-${size.name}-${colorScheme}.png`),
      fullPage: true,
      animations: 'disabled',
    });
  }
  await page.context().close();
}

await onOwnSystem(
  async ({ browser, dataDir }) => {
    await start('demo', dataDir).ended;
    const { chainRpcUrl } = JSON.parse(readFileSync(join(dataDir, 'running.json'), 'utf8'));
    await reorganise(chainRpcUrl);
    mkdirSync(pictures, { recursive: true });
    await act(browser);
    for (const size of SIZES) for (const colours of COLOURS) await draw(browser, size, colours);
  },
  { OPERATIONS_NEED_APPROVAL: 'switch-back' },
);
