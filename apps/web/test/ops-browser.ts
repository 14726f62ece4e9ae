import { existsSync } from 'node:fs';
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Page,
  type Route,
  type WebSocketRoute,
} from 'playwright-core';

export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => existsSync(path),
);

/** Generous: a machine may be busy, and what is waited for comes in a moment on one that is not. */
export const PATIENCE_MS = 120_000;

export interface OpsPage {
  readonly page: Page;
  /** What went wrong in the page, and what it asked of anybody else. */
  readonly faults: string[];
  /** Ends its socket and lets no other be opened until told. */
  readonly cut: () => void;
  readonly mend: () => void;
}

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM ?? '',
    timeout: PATIENCE_MS,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });

export interface HeldBack {
  /** How many answers were without it. */
  readonly times: () => number;
  readonly letGo: () => void;
}

/** Lets the page see no act of this reason, as though the read model of acts had not come to it. */
export async function holdBack(page: Page, reason: string): Promise<HeldBack> {
  let times = 0;
  let isHeld = true;
  const handler = async (route: Route): Promise<void> => {
    if (!isHeld || !(route.request().postData() ?? '').includes('query Operations')) return route.fallback();
    const response = await route.fetch();
    const body = (await response.json()) as { data?: { operations: { edges: Edge[] } } };
    const edges = body.data?.operations.edges ?? [];
    const shown = edges.filter(({ node }) => node.reason !== reason);
    if (shown.length < edges.length) times += 1;
    edges.splice(0, edges.length, ...shown);
    return route.fulfill({ response, json: body });
  };
  // It stays: one that is taken away while it answers fails.
  await page.route('**/graphql', handler);
  return { times: () => times, letGo: () => (isHeld = false) };
}

interface Edge {
  readonly node: { readonly reason: string };
}

/** A page of the dashboard, in a zone of its own so that local times are told from UTC. */
export async function openOps(
  browser: Browser,
  url: string,
  prepare: (context: BrowserContext) => Promise<void> = () => Promise.resolve(),
): Promise<OpsPage> {
  const context = await browser.newContext({ timezoneId: 'Asia/Tokyo', locale: 'en-GB' });
  context.setDefaultTimeout(PATIENCE_MS);
  await prepare(context);
  const page = await context.newPage();
  const faults: string[] = [];
  const sockets = new Set<WebSocketRoute>();
  let isCut = false;
  await page.routeWebSocket(/\/graphql$/, (socket) => {
    if (isCut) {
      void socket.close({ code: 1012, reason: 'cut' });
      return;
    }
    sockets.add(socket);
    socket.connectToServer();
  });
  page.on('request', (request) => {
    if (/^(?:https?|wss?):/.test(request.url()) && !request.url().startsWith(url)) faults.push(request.url());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(`${url}/ops`);
  return {
    ...{ page, faults },
    cut() {
      isCut = true;
      for (const socket of sockets) void socket.close({ code: 1012, reason: 'cut' });
      sockets.clear();
    },
    mend: () => (isCut = false),
  };
}
