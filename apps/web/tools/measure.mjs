// How fast the dashboard is on a system of its own: prints each figure with its limit, and judges nothing.
/* global document, MutationObserver, performance, PerformanceObserver, requestAnimationFrame -- of the page */
import { FIRST_PAGE_BYTES_MAX, pageSizes } from '../sizes.mjs';
import { onOwnSystem, open, url } from './own-system.mjs';

const VISITS = 7;
const PROJECTIONS = ['forwarder', 'users', 'drift', 'foreign-tokens', 'governance', 'candles', 'platform'];

/** Milliseconds from the navigation to the first thing that is painted, by a browser that keeps nothing of earlier visits. */
async function firstPaint(browser) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${url}/ops`);
  const painted = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const tell = (list) =>
          list.getEntriesByName('first-contentful-paint').forEach((one) => resolve(one.startTime));
        new PerformanceObserver(tell).observe({ type: 'paint', buffered: true });
      }),
  );
  await context.close();
  return painted;
}

/** Milliseconds from the click that sends an act to the frame in which what it did is seen: a build beside the live one. */
async function actSeen(page, projection) {
  await page.goto(`${url}/ops/projections?name=${projection}`);
  const detail = page.getByRole('region', { name: projection });
  await detail.getByRole('button', { name: 'Rebuild', exact: true }).click();
  await page.getByRole('dialog').getByLabel('Why').fill('To measure how soon it is seen');
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const builds = () => document.querySelectorAll('.build').length;
        const before = builds();
        const begun = performance.now();
        const observer = new MutationObserver(() => {
          if (builds() === before) return;
          observer.disconnect();
          requestAnimationFrame(() => resolve(performance.now() - begun));
        });
        observer.observe(document.body, { subtree: true, childList: true });
        document.querySelector('dialog button[type=submit]').click();
      }),
  );
}

const told = (values) => {
  const sorted = values.toSorted((one, other) => one - other).map((value) => Math.round(value));
  return `median ${sorted[Math.floor(sorted.length / 2)]} ms of ${sorted.join(', ')}`;
};
const say = (line) => process.stdout.write(`${line}\n`);

for (const { bytes, page } of pageSizes() ?? [])
  say(
    `compressed script of ${page}: ${(bytes / 1_000).toFixed(1)} kB (limit ${FIRST_PAGE_BYTES_MAX / 1_000})`,
  );
await onOwnSystem(async ({ browser }) => {
  const paints = [];
  for (let visit = 0; visit < VISITS; visit += 1) paints.push(await firstPaint(browser));
  say(`first paint of /ops: ${told(paints)} (limit 1000)`);
  const page = await open(browser);
  const seen = [];
  for (const projection of PROJECTIONS) seen.push(await actSeen(page, projection));
  say(`an act is seen: ${told(seen)} (limit 200)`);
});
