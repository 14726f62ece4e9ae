// A system of its own for what looks at the dashboard, in a folder that is dropped again. Ports: PORT and CHAIN_PORT, as of `npm start`.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
const { CHAIN_PORT = '8545', PORT = '4000' } = process.env;
export const url = `http://localhost:${PORT}`;
export const PATIENCE_MS = 180_000;

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => existsSync(path),
);

/** Runs one of our commands on the data folder; tells its output only where it fails. */
export function start(command, dataDir, more = {}) {
  const env = { ...process.env, ...{ ABLAND_DATA_DIR: dataDir, PORT, CHAIN_PORT }, ...more };
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

export async function until(holds, what) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
    if (await holds().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`It did not come to this: ${what}`);
}

/** Starts a system, and a browser once it answers; ends both. @param more environment of the system */
export async function onOwnSystem(run, more = {}) {
  if (executablePath === undefined) throw new Error('No Chromium is installed here');
  const dataDir = mkdtempSync(join(tmpdir(), 'abland-dashboard-'));
  const system = start('start', dataDir, more);
  try {
    await until(async () => (await fetch(`${url}/ready`)).ok, 'the system answers');
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    try {
      await run({ browser, dataDir });
    } finally {
      await browser.close();
    }
  } finally {
    process.kill(-system.child.pid, 'SIGINT');
    await system.ended.catch((error) => process.stderr.write(`${error.message}\n`));
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The dashboard, with an operator of the development accounts signed in. */
export async function open(browser, { colorScheme = 'light', height = 900, width = 1440 } = {}) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height }, locale: 'en-GB' });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.goto(`${url}/ops`);
  await page.locator('.wallet').first().click();
  await page.getByRole('heading', { level: 1, name: 'Pipeline' }).waitFor();
  return page;
}
