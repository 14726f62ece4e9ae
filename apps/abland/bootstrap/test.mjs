// All tests, in the order in which a failure is cheapest to learn: format, lint, types, generated files (two of these side
// by side, each told once it is done), contracts, the rest.
// Ends with the line `N passed, N failed, N skipped`; a check that fails counts as one failed.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { root } from './toolchain.mjs';

const deep = process.argv.includes('--deep');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const env = {
  ...process.env,
  PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
  NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  ...(deep ? { ABLAND_TEST_DEEP: '1' } : {}),
};

const CHECKS = [
  ['format', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['lint', bin('eslint'), ['.', '--max-warnings', '0']],
  ['import rules', process.execPath, ['apps/abland/bootstrap/check-boundaries.mjs']],
  ['circles of folders', process.execPath, ['apps/abland/bootstrap/check-folders.mjs']],
  ['types', bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']],
  ['types of the contracts', bin('tsc'), ['--noEmit', '-p', 'contracts/tsconfig.json']],
  ['event schemas', process.execPath, ['libs/event-store/tools/event-schemas.mjs', 'check']],
];

const say = (text) => process.stdout.write(`\n=== ${text}\n`);

/** Runs a command, with its output shown as it comes unless told otherwise; returns its exit code and what it printed. */
async function run(command, args, { show = true } = {}) {
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
    if (show) process.stdout.write(chunk);
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
    if (show) process.stdout.write(chunk);
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, output, errors };
}

async function check([name, command, args]) {
  const started = Date.now();
  const { code, output, errors } = await run(command, args, { show: false });
  say(name);
  process.stdout.write(
    `${output}${errors}${name}: ${code === 0 ? 'ok' : 'FAILED'} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`,
  );
  return code === 0;
}

/** On two cores: each of them works in one thread. */
async function checks() {
  say(`checks: ${CHECKS.map(([name]) => name).join(', ')}`);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const queue = [...CHECKS];
  const lane = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      counts[(await check(next)) ? 'passed' : 'failed'] += 1;
    }
  };
  await Promise.all([lane(), lane()]);
  return counts;
}

/** The contracts' own runner closes with `contracts: N passed, N failed, N skipped`. */
async function contracts() {
  say(`contracts${deep ? ', deep' : ''}`);
  const args = ['test', '--silent', '-w', 'contracts', ...(deep ? ['--', '--deep'] : [])];
  const { code, output } = await run('npm', args);
  const counts = /^contracts: (\d+) passed, (\d+) failed, (\d+) skipped$/m.exec(output);
  if (counts === null) return { passed: 0, failed: 1, skipped: 0 };
  const [passed, failed, skipped] = counts.slice(1).map(Number);
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped };
}

async function jest() {
  say('everything else, on real parts');
  const folder = await mkdtemp(join(tmpdir(), 'abland-jest-'));
  const outputFile = join(folder, 'results.json');
  const args = ['--coverage', '--json', `--outputFile=${outputFile}`, '--testLocationInResults'];
  try {
    const { code } = await run(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...args]);
    const results = JSON.parse(await readFile(outputFile, 'utf8'));
    for (const { ancestorTitles, title } of skippedTests(results)) {
      process.stdout.write(`skipped: ${[...ancestorTitles, title].join(' > ')}\n`);
    }
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    return {
      passed: results.numPassedTests,
      failed: code !== 0 && failed === 0 ? 1 : failed,
      skipped: results.numPendingTests + results.numTodoTests,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const skippedTests = (results) =>
  results.testResults.flatMap((file) =>
    file.assertionResults.filter(({ status }) => status === 'pending' || status === 'todo'),
  );

const started = Date.now();
const totals = { passed: 0, failed: 0, skipped: 0 };
for (const step of [checks, contracts, jest]) {
  const counts = await step();
  for (const key of Object.keys(totals)) totals[key] += counts[key];
}
process.stdout.write(`\nin ${Math.round((Date.now() - started) / 1000)} s\n`);
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
