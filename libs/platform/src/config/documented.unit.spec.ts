import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  loadApiConfig,
  loadIndexerConfig,
  loadProjectorConfig,
  loadWorkerConfig,
  type ProgramConfigs,
} from './program-configs.js';
import { type Environment, VARIABLE_NAMES } from './variables.js';

const DOCUMENT = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
const [SETTINGS = '', SECRETS = ''] = DOCUMENT.split('## Secrets');

const LOADERS: { readonly [Name in keyof ProgramConfigs]: (env: Environment) => unknown } = {
  api: loadApiConfig,
  indexer: loadIndexerConfig,
  projector: loadProjectorConfig,
  worker: loadWorkerConfig,
};
/** With it, every program's configuration is whole. */
const ENOUGH = {
  DATABASE_URL: 'postgres://main/abland',
  CHAIN_RPC_URLS: 'http://one:8545',
  CHAIN_ID: '7',
  TOKEN_FACTORY_ADDRESS: `0x${'1'.repeat(40)}`,
  LIQUIDITY_MANAGER_ADDRESS: `0x${'2'.repeat(40)}`,
  JWT_SECRET: 'a secret of more than thirty-two characters',
  RELAYER_PRIVATE_KEY: `0x${'1'.repeat(64)}`,
  LOG_SIGNING_KEY: Buffer.alloc(32, 3).toString('base64'),
  PERSONAL_DATA_KEY: Buffer.alloc(32, 1).toString('base64'),
};

/** Rows of the table in a text, by cell, without its head. */
const rowsOf = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
const namesIn = (cell = ''): readonly string[] =>
  [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, name = '']) => name);

function namesReadBy(load: (env: Environment) => unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const get = (env: Environment, name: string | symbol): string | undefined => {
    names.add(String(name));
    return env[String(name)];
  };
  load(new Proxy<Environment>(ENOUGH, { get }));
  return names;
}

describe('docs/configuration.md', () => {
  it('lists every variable, and none that is not read', () => {
    const documented = rowsOf(SETTINGS).flatMap(([, cell]) => namesIn(cell));
    expect(documented.toSorted()).toEqual(VARIABLE_NAMES.toSorted());
  });

  it.each(Object.keys(LOADERS) as (keyof ProgramConfigs)[])('tells which secrets the %s reads', (program) => {
    const column = 2 + Object.keys(LOADERS).indexOf(program);
    const read = namesReadBy(LOADERS[program]);
    const rows = rowsOf(SECRETS);
    expect(rows).not.toHaveLength(0);
    for (const row of rows) {
      for (const name of namesIn(row[1])) expect([name, read.has(name)]).toEqual([name, row[column] !== '']);
    }
  });
});
