// All tests, in the order in which a failure is cheapest to learn: format, lint, types, generated files (two of these side
// by side, each told once it is done), contracts, the rest.
// Tells at its end how long each part took. Ends with the line `N passed, N failed, N skipped`; a check that fails counts as one failed.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { durationTable } from './durations.mjs';
import { root } from './toolchain.mjs';

const USAGE = `npm test          every check and test of the repository; needs about a quarter of an hour on two cores
npm run test:deep the longer proofs too, and the coverage of the libraries
npm run jest -- <part of a path>   the tests of some files alone
`;
const SLOWEST_FILES = 10;

const unknown = process.argv.slice(2).filter((arg) => arg !== '--deep');
if (unknown.length > 0) {
  const help = unknown.some((arg) => arg === '--help' || arg === '-h');
  (help ? process.stdout : process.stderr).write(
    help ? USAGE : `no such option: ${unknown.join(' ')}\n${USAGE}`,
  );
  process.exit(help ? 0 : 2);
}
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
  ['event schemas', process.execPath, ['libs/event-codec/tools/event-schemas.mjs', 'check']],
  ['migrations', process.execPath, ['apps/abland/tools/released-migrations.mjs', 'check']],
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

const secondsSince = (started) => (Date.now() - started) / 1000;

async function check([name, command, args]) {
  const started = Date.now();
  const { code, output, errors } = await run(command, args, { show: false });
  const seconds = secondsSince(started);
  say(name);
  process.stdout.write(
    `${output}${errors}${name}: ${code === 0 ? 'ok' : 'FAILED'} (${seconds.toFixed(1)} s)\n`,
  );
  return { name, seconds, passed: code === 0 };
}

/** On two cores: each of them works in one thread. */
async function checks() {
  say(`checks: ${CHECKS.map(([name]) => name).join(', ')}`);
  const done = [];
  const queue = [...CHECKS];
  const lane = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) done.push(await check(next));
  };
  await Promise.all([lane(), lane()]);
  const passed = done.filter((one) => one.passed).length;
  return { name: 'checks', parts: done, passed, failed: done.length - passed, skipped: 0 };
}

/**
 * The contracts' own runner tells `contracts, <step>: N s` for each of its steps and closes with
 * `contracts: N passed, N failed, N skipped`.
 */
async function contracts() {
  say(`contracts${deep ? ', deep' : ''}`);
  const args = ['test', '--silent', '-w', 'contracts', ...(deep ? ['--', '--deep'] : [])];
  const { code, output } = await run('npm', args);
  const parts = [...output.matchAll(/^contracts, (.+): ([\d.]+) s$/gm)].map(([, name, seconds]) => ({
    name,
    seconds: Number(seconds),
  }));
  const counts = /^contracts: (\d+) passed, (\d+) failed, (\d+) skipped$/m.exec(output);
  if (counts === null) return { name: 'contracts', parts, passed: 0, failed: 1, skipped: 0 };
  const [passed, failed, skipped] = counts.slice(1).map(Number);
  return { name: 'contracts', parts, passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped };
}

async function jest() {
  say('everything else, on real parts');
  const folder = await mkdtemp(join(tmpdir(), 'abland-jest-'));
  const outputFile = join(folder, 'results.json');
  const args = ['--json', `--outputFile=${outputFile}`, '--testLocationInResults'];
  if (deep) args.push('--coverage'); // it doubles the time of a first run's unit tests
  try {
    const { code } = await run(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...args]);
    const results = JSON.parse(await readFile(outputFile, 'utf8'));
    for (const { ancestorTitles, title } of skippedTests(results)) {
      process.stdout.write(`skipped: ${[...ancestorTitles, title].join(' > ')}\n`);
    }
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const parts = results.testResults.map((file) => ({
      name: relative(root, file.name),
      seconds: (file.endTime - file.startTime) / 1000,
    }));
    return {
      name: 'everything else',
      note: `the ${SLOWEST_FILES} slowest of ${parts.length} files, two at a time:`,
      parts,
      most: SLOWEST_FILES,
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
const done = [];
for (const step of [checks, contracts, jest]) {
  const stepStarted = Date.now();
  const result = await step();
  done.push({ ...result, seconds: secondsSince(stepStarted) });
}
const total = (key) => done.reduce((sum, result) => sum + result[key], 0);
say('how long the parts took');
process.stdout.write(`${durationTable(done)}\n\nin ${Math.round(secondsSince(started))} s\n`);
process.stdout.write(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped\n`);
process.exitCode = total('failed') === 0 && total('passed') > 0 ? 0 : 1;
