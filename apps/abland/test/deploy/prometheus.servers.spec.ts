import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { logIdOf } from '@abland/chain';
import { developmentAccounts, forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import { createTestDatabase, eventually, freePort, ProgramProcess, type TestDatabase } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MAIN, SECRETS } from '../system-under-test.js';

const SOURCES = fileURLToPath(new URL('../../../../deploy/observability/', import.meta.url));
const PROGRAMS = ['projector', 'worker', 'indexer', 'api'] as const;
const READY_WITHIN_MS = 120_000;
const ORIGIN = 'watched.example/log';
const [, , , ANCHOR] = developmentAccounts();

const expressions = readdirSync(join(SOURCES, 'grafana/dashboards')).flatMap((name) => {
  const { panels } = JSON.parse(readFileSync(join(SOURCES, 'grafana/dashboards', name), 'utf8')) as {
    readonly panels: readonly {
      readonly title: string;
      readonly targets: readonly { readonly expr: string }[];
    }[];
  };
  return panels.flatMap(({ targets, title }) => targets.map(({ expr }) => ({ name, title, expr })));
});

describe('Prometheus and the four programs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'abland-prometheus-'));
  const programs = new Map<string, ProgramProcess>();
  let chain: ForkedChain;
  let database: TestDatabase;
  let prometheus: ChildProcess;
  let url = '';

  beforeAll(async () => {
    database = await createTestDatabase();
    chain = await forkEmbeddedChain({
      ...{ dataDir: join(folder, 'chain'), port: 0, finalityDepth: 5 },
      anchoring: { logId: logIdOf(ORIGIN), signer: ANCHOR?.address ?? '' },
    });
    const { checkpoint, forwarder, governance, governanceToken, liquidityManager, timelock, tokenFactory } =
      chain.contracts;
    const env = {
      ...SECRETS,
      PERSONAL_DATA_KEY: Buffer.alloc(32, 1).toString('base64'),
      DATABASE_URL: database.url,
      CHAIN_RPC_URLS: chain.webSocketUrl,
      CHAIN_ID: String(chain.chainId),
      CHAIN_FINALITY_DEPTH: '5',
      TOKEN_FACTORY_ADDRESS: tokenFactory,
      LIQUIDITY_MANAGER_ADDRESS: liquidityManager,
      FORWARDER_ADDRESS: forwarder,
      CHECKPOINT_ADDRESS: checkpoint,
      GOVERNANCE_ADDRESS: governance,
      TIMELOCK_ADDRESS: timelock,
      GOVERNANCE_TOKEN_ADDRESS: governanceToken,
      GOVERNANCE_CLOCK: 'seconds',
      LOG_ORIGIN: ORIGIN,
      ANCHOR_PRIVATE_KEY: ANCHOR?.privateKey ?? '',
      ANCHOR_INTERVAL_MINUTES: '1',
    };
    for (const name of PROGRAMS) programs.set(name, await ProgramProcess.start(name, env));
    for (const program of programs.values())
      await program.until(({ status }) => status === 'ready', READY_WITHIN_MS);
    const api = urlOf('api');
    const demo = [MAIN, 'demo', '--api', api, '--rpc', chain.rpcUrl];
    await promisify(execFile)(process.execPath, demo, {
      env: { PATH: process.env['PATH'], PUBLIC_URL: api },
    });
    await ask('{ token(address: "0x0") { name } }');
    prometheus = await startPrometheus();
    // A minute after the worker's start at the earliest.
    await programs
      .get('worker')
      ?.until(
        ({ anchors }) =>
          (anchors as readonly { readonly anchored: unknown }[]).some(({ anchored }) => anchored !== null),
        READY_WITHIN_MS,
      );
  }, 400_000);
  afterAll(async () => {
    const ended = once(prometheus, 'exit');
    prometheus.kill('SIGTERM');
    await ended;
    for (const program of programs.values()) await program.end();
    await chain.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const urlOf = (name: string): string => programs.get(name)?.url ?? '';
  const ask = (query: string): Promise<Response> =>
    fetch(`${urlOf('api')}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });

  /** As it is deployed, but for where the programs are and how often it looks. */
  async function startPrometheus(): Promise<ChildProcess> {
    cpSync(join(SOURCES, 'rules'), join(folder, 'rules'), { recursive: true });
    let text = readFileSync(join(SOURCES, 'prometheus.yml'), 'utf8').replaceAll('15s', '1s');
    for (const name of PROGRAMS) {
      const targets = new RegExp(`(job_name: ${name}\\n\\s+static_configs: \\[\\{ targets: )\\[[^\\]]*\\]`);
      expect(text).toMatch(targets);
      text = text.replace(targets, `$1['${new URL(urlOf(name)).host}']`);
    }
    writeFileSync(join(folder, 'prometheus.yml'), text);
    chmodSync(folder, 0o755);
    const listen = `127.0.0.1:${await freePort()}`;
    url = `http://${listen}`;
    const places = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`];
    const child = spawn('prometheus', [...places, `--web.listen-address=${listen}`], { stdio: 'ignore' });
    await eventually(async () => expect((await fetch(`${url}/-/ready`)).status).toBe(200));
    return child;
  }

  async function answer(expr: string): Promise<readonly unknown[]> {
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`);
    const told = (await response.json()) as {
      readonly data?: { readonly result: readonly unknown[] };
      readonly error?: string;
    };
    if (told.data === undefined) throw new Error(`${expr}: ${told.error ?? 'no answer'}`);
    return told.data.result;
  }

  it.each(PROGRAMS)('find nothing to object to in what the %s tells', async (name) => {
    const text = await (await fetch(`${urlOf(name)}/metrics`)).text();
    expect(text).toContain('\nabland_');
    expect(execFileSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })).toBe('');
  });

  it('has rules that hold together, and tell what they are to tell', () => {
    const promtool = (...args: readonly string[]): string =>
      execFileSync('promtool', args, {
        cwd: join(SOURCES, 'rules'),
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    expect(promtool('check', 'config', '../prometheus.yml')).toContain('SUCCESS');
    expect(promtool('check', 'rules', 'abland.rules.yml')).toContain('SUCCESS');
    expect(promtool('test', 'rules', 'abland.test.yml')).toContain('SUCCESS');
  });

  it('answers every question of the dashboards with data', async () => {
    await ask('{ _meta { position } }');
    await ask('{ token(address: "0x0") { name } }');
    await eventually(async () => {
      const unanswered = [];
      for (const { expr, name, title } of expressions)
        if ((await answer(expr)).length === 0) unanswered.push(`${name}, ${title}: ${expr}`);
      expect(unanswered).toEqual([]);
    });
  });

  it('tells no alert of a system that is well', async () => {
    const told = (await answer('ALERTS{alertstate="firing"}')) as readonly {
      readonly metric: { readonly alertname: string };
    }[];
    expect(told.map(({ metric }) => metric.alertname)).toEqual([]);
  });
});
