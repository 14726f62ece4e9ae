// Changes the code in small ways, one at a time, and tells which changes no specification notices.
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { format, resolveConfig } from 'prettier';
import { root } from '../toolchain.mjs';
import { keepScores, scoreTable } from './report.mjs';
import { SCOPES } from './scopes.mjs';

const USAGE = `npm run mutation -- <scope> [path…]   changes a scope's code (or of it the files with such paths) and tells
                                      the changes that no specification notices; a whole scope's
                                      scores are kept in docs/mutation.md
${Object.entries(SCOPES)
  .map(([name, { what }]) => `  ${name.padEnd(12)}${what}`)
  .join('\n')}
`;

/** The build of the test server, which the repository's own tests start in Jest's global setup: here once for all runs. */
const testServer = () => import('../../../../libs/testing/dist/test-server.js');

async function mutate({ mutate: patterns, specs, postgres }, paths) {
  const patienceMs = postgres ? 10_000 : 4_000;
  const server = postgres ? await testServer() : undefined;
  await server?.startTestPostgres();
  try {
    return await new Stryker({
      mutate: [...(paths.length > 0 ? paths : patterns), '!**/*.spec.ts', '!**/*.fixture.ts'],
      testRunner: 'jest',
      plugins: ['@stryker-mutator/jest-runner'],
      testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
      // Over jest.config.mjs: the server is started once, not for every change.
      jest: {
        config: {
          testMatch: specs.map((spec) => `<rootDir>/${spec}`),
          globalSetup: null,
          globalTeardown: null,
          testSequencer: '<rootDir>/apps/abland/bootstrap/mutation/quickest-first.mjs',
          testTimeout: patienceMs, // a test that waits for ever has noticed the change
        },
        enableFindRelatedTests: false,
      },
      coverageAnalysis: 'perTest',
      concurrency: Number(process.env['MUTATION_WORKERS'] ?? availableParallelism()),
      timeoutMS: 2 * patienceMs,
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

process.env['ABLAND_REORG_STORIES'] ??= '2'; // they are told anew for each change

const [name, ...paths] = process.argv.slice(2);
const scope = SCOPES[name];
if (scope === undefined) {
  const help = name === '--help' || name === '-h';
  (help ? process.stdout : process.stderr).write(USAGE);
  process.exitCode = help ? 0 : 2;
} else {
  process.chdir(root);
  const mutants = await mutate(scope, paths);
  process.stdout.write(`\n${scoreTable(mutants)}\n`);
  if (paths.length === 0) {
    const page = await keepScores(name, scope.what, mutants);
    await writeFile(
      page,
      await format(await readFile(page, 'utf8'), { ...(await resolveConfig(page)), filepath: page }),
    );
    process.stdout.write(`\nkept in ${page}\n`);
  }
}
