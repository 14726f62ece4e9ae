// Draws every page of the dashboard into docs/ops, wide and narrow, light and dark: starts a system of its own in a folder that is
// dropped again, lets the demo trade there and an operator act. Ports: PORT and CHAIN_PORT, as of `npm start`.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pictures = join(root, 'docs/ops');
const { CHAIN_PORT = '8545', PORT = '4000' } = process.env;
const url = `http://localhost:${PORT}`;
const PATIENCE_MS = 180_000;

const SIZES = [
  { name: 'wide', width: 1440, height: 900 },
  { name: 'narrow', width: 320, height: 720 },
];
const COLOURS = ['light', 'dark'];

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => existsSync(path),
);
if (executablePath === undefined) throw new Error('No Chromium is installed here');

/** Runs one of our commands on the data folder; tells its output only where it fails. */
function start(command, dataDir) {
  const env = {
    ...process.env,
    ...{ ABLAND_DATA_DIR: dataDir, PORT, CHAIN_PORT, OPERATIONS_NEED_APPROVAL: 'switch-back' },
  };
  const child = spawn(process.execPath, ['apps/abland/bootstrap/run.mjs', command], {
    ...{ cwd: root, env },
    detached: true, // in a group of its own, which is ended as by Ctrl-C
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command}: ${code}\n${output}`)),
    );
  });
  ended.catch(() => undefined);
  return { child, ended };
}

async function until(holds, what) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
    if (await holds().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`It did not come to this: ${what}`);
}

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

async function open(browser, { colorScheme, height, width }) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height }, locale: 'en-GB' });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.goto(`${url}/ops`);
  await page.locator('.wallet').first().click();
  await page.getByRole('heading', { level: 1, name: 'Pipeline' }).waitFor();
  return page;
}

/** What an operator does, for the pages to have something to show. */
async function act(browser) {
  const page = await open(browser, { colorScheme: 'light', width: 1440, height: 900 });
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

const dataDir = mkdtempSync(join(tmpdir(), 'abland-pictures-'));
const system = start('start', dataDir);
try {
  await until(async () => (await fetch(`${url}/ready`)).ok, 'the system answers');
  await start('demo', dataDir).ended;
  const { chainRpcUrl } = JSON.parse(readFileSync(join(dataDir, 'running.json'), 'utf8'));
  await reorganise(chainRpcUrl);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    mkdirSync(pictures, { recursive: true });
    await act(browser);
    for (const size of SIZES) for (const colours of COLOURS) await draw(browser, size, colours);
  } finally {
    await browser.close();
  }
} finally {
  process.kill(-system.child.pid, 'SIGINT');
  await system.ended.catch((error) => process.stderr.write(`${error.message}\n`));
  rmSync(dataDir, { recursive: true, force: true });
}
