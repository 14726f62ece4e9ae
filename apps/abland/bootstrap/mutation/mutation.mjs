// Changes the code in small ways, one at a time, and tells which changes no specification notices.
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { root } from '../toolchain.mjs';
import { keepScores, scoreTable } from './report.mjs';
import { SCOPES } from './scopes.mjs';

const USAGE = `npm run mutation -- <scope> [path…] [--one-in N] [--workers N]
                                      changes a scope's code (or of it the files with such paths) and tells
                                      the changes that no specification notices; a whole scope's
                                      scores are kept in docs/mutation.md; of N changes one, always the same
                                      ones, where that takes too long
${Object.entries(SCOPES)
  .map(([name, { what }]) => `  ${name.padEnd(12)}${what}`)
  .join('\n')}
`;

/** The build of the test server, which the repository's own tests start in Jest's global setup: here once for all runs. */
const testServer = () => import('../../../../libs/testing/dist/test-server.js');

async function mutate({ mutate: patterns, specs, postgres }, paths, workers) {
  const patienceMs = 10_000;
  const server = postgres ? await testServer() : undefined;
  await server?.startTestPostgres();
  try {
    return await new Stryker({
      mutate: [...(paths.length > 0 ? paths : patterns), '!**/*.spec.ts', '!**/*.fixture.ts'],
      testRunner: 'jest',
      plugins: ['@stryker-mutator/jest-runner', join(import.meta.dirname, 'sample.mjs')],
      checkers: ['sample'],
      testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
      // Over jest.config.mjs: the server is started once, not for every change.
      jest: {
        config: {
          testMatch: specs.map((spec) => `<rootDir>/${spec}`),
          globalSetup: null,
          globalTeardown: null,
          testSequencer: '<rootDir>/apps/abland/bootstrap/mutation/quickest-first.mjs',
          runner: '<rootDir>/apps/abland/bootstrap/mutation/first-failure-runner.mjs',
          testEnvironment: join(import.meta.dirname, 'first-failure-environment.mjs'),
          testTimeout: patienceMs, // a test that waits for ever has noticed the change
        },
        enableFindRelatedTests: false,
      },
      coverageAnalysis: 'perTest',
      concurrency: workers,
      timeoutMS: 4 * patienceMs,
      reporters: ['clear-text', 'progress-append-only'],
      clearTextReporter: { logTests: false, reportTests: false, reportScoreTable: false },
      disableTypeChecks: false,
      tempDirName: join('.toolchain', 'mutation'),
      ignorePatterns: [
        '**/dist',
        '.abland',
        '.nx',
        '.toolchain',
        'contracts/artifacts',
        'contracts/cache',
        'coverage',
      ],
    }).runMutationTest();
  } finally {
    await server?.stopTestPostgres();
  }
}

process.env['MUTATION_TEST_NAMES'] = join(tmpdir(), `abland-mutation-${process.pid}.json`);
process.env['ABLAND_TEST_SOURCES'] = '1';
process.env['ABLAND_REORG_STORIES'] ??= '2'; // they are told anew for each change

/** A whole number above zero. */
const count = (text, absent) =>
  text === undefined ? absent : /^[1-9]\d{0,5}$/.test(text) ? Number(text) : null;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', short: 'h' },
    'one-in': { type: 'string' },
    workers: { type: 'string' },
  },
});
const [name, ...paths] = positionals;
const scope = SCOPES[name];
const oneIn = count(values['one-in'], 1);
const workers = count(values.workers, availableParallelism());
if (values.help || scope === undefined || oneIn === null || workers === null) {
  (values.help ? process.stdout : process.stderr).write(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  process.chdir(root);
  process.env['MUTATION_ONE_IN'] = String(oneIn);
  const mutants = await mutate(scope, paths, workers);
  process.stdout.write(`\n${scoreTable(mutants)}\n`);
  if (paths.length === 0) {
    const page = await keepScores(name, scope.what, mutants, oneIn);
    await writeFile(
      page,
      await format(await readFile(page, 'utf8'), { ...(await resolveConfig(page)), filepath: page }),
    );
    process.stdout.write(`\nkept in ${page}\n`);
  }
}
