import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';
import { buildExplorer } from '../explorer/build.mjs';
import { startTestApi, type TestApi } from './test-api.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
if (CHROMIUM === undefined) {
  process.stderr.write('skipped: the explorer in a browser, as no Chromium is installed here\n');
}

let api: TestApi;
beforeAll(async () => {
  await buildExplorer();
  api = await startTestApi();
});
afterAll(() => api.stop());

describe('GET /graphql', () => {
  it('is a page of GraphiQL for a browser, with nothing from another host', async () => {
    const response = await fetch(`${api.client.url}/graphql`, { headers: { accept: 'text/html' } });
    expect(response.status).toBe(200);
    const html = await response.text();
    expect(html).toContain('/graphiql/explorer.js');
    expect(html).not.toMatch(/(?:src|href)="https?:/);
    for (const asset of [
      'explorer.js',
      'explorer.css',
      'editor.worker.js',
      'json.worker.js',
      'graphql.worker.js',
    ]) {
      expect((await fetch(`${api.client.url}/graphiql/${asset}`)).status).toBe(200);
    }
  });

  (CHROMIUM === undefined ? it.skip : it)('runs the first of the demo’s queries in a browser', async () => {
    const browser: Browser = await chromium.launch({
      executablePath: CHROMIUM ?? '',
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    });
    try {
      const page = await browser.newPage();
      const foreign: string[] = [];
      const broken: string[] = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(api.client.url) && /^https?:/.test(request.url()))
          foreign.push(request.url());
      });
      page.on('pageerror', (error) => broken.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') broken.push(message.text());
      });
      await page.goto(`${api.client.url}/graphql`);
      await page.waitForSelector('.graphiql-query-editor .view-lines', { timeout: 60_000 });
      expect(await page.locator('.graphiql-tab').count()).toBe(5);
      await page.locator('.graphiql-execute-button').click();
      await page.locator('.result-window', { hasText: '31337' }).waitFor({ timeout: 60_000 });
      expect(foreign).toEqual([]);
      expect(broken).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
