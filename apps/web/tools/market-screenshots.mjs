// Draws pages of the market into docs/web, wide and narrow, light and dark: starts a system of its own in a folder that is dropped again
// and makes a market of a day in it. Ports: PORT and CHAIN_PORT, as of `npm start`.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeMarket, YESTERDAY_MS } from './market.mjs';
import { onOwnSystem, PATIENCE_MS, root, url } from './own-system.mjs';

const pictures = join(root, 'docs/web');
const SIZES = [
  { name: 'wide', width: 1440, height: 900 },
  { name: 'narrow', width: 320, height: 720 },
];

async function draw(browser, { tokens, pools }, size, colorScheme) {
  const { height, width } = size;
  const context = await browser.newContext({ colorScheme, viewport: { width, height }, locale: 'en-GB' });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('.connect').click();
  await page.locator('.wallet').first().click();
  await page.locator('.account').waitFor();
  const pages = [
    ['home', '/'],
    ['tokens', '/tokens'],
    ['token', `/tokens/${tokens.get('CNDR')}`],
    ['pool', `/pools/${pools[0].id}`],
    ['trade', `/trade?from=${tokens.get('AUR')}&to=${tokens.get('BOR')}`],
    ['create', '/create'],
    ['portfolio', '/portfolio'],
  ];
  for (const [name, path] of pages) {
    await page.goto(`${url}${path}`);
    await page.locator('main h1').first().waitFor();
    if (name === 'trade') {
      await page.getByLabel('You pay').fill('125');
      await page.getByText('Price impact').waitFor();
    }
    await page.locator('.skeleton').waitFor({ state: 'detached' });
    await page.waitForLoadState('networkidle').catch(() => undefined);
    await page.waitForTimeout(1_500); // what is drawn beside the page: lines of prices, the chart
    await page.screenshot({
      ...{ path: join(pictures, `${name}-${size.name}-${colorScheme}.png`), animations: 'disabled' },
    });
  }
  await context.close();
}

const folder = mkdtempSync(join(tmpdir(), 'abland-clock-'));
const clockFile = join(folder, 'clock');
writeFileSync(clockFile, String(YESTERDAY_MS));
const clock = new URL('../../abland/test/shifted-clock.mjs', import.meta.url).href;
try {
  await onOwnSystem(
    async ({ browser, dataDir }) => {
      const { chainRpcUrl } = JSON.parse(readFileSync(join(dataDir, 'running.json'), 'utf8'));
      const market = await makeMarket(chainRpcUrl, clockFile);
      mkdirSync(pictures, { recursive: true });
      for (const size of SIZES)
        for (const colours of ['light', 'dark']) await draw(browser, market, size, colours);
    },
    { NODE_OPTIONS: `--import ${clock}`, ABLAND_TEST_CLOCK: clockFile },
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
