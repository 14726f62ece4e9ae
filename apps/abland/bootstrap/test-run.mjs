// What every test command is made of: a command with its output shown, Jest with its counts, and the closing line.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, constants, loadavg, setPriority, tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { durationTable } from './durations.mjs';
import { root } from './toolchain.mjs';

const SLOWEST_FILES = 10;

export const testEnvironment = {
  ...process.env,
  PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
  NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  // The tests start programs more than a hundred times: each compiles what it loads only where none did before.
  NODE_COMPILE_CACHE: join(root, '.toolchain', 'compile-cache'),
};

export const say = (text) => process.stdout.write(`\n=== ${text}\n`);
/** Ends here where help is asked for, by 0, or where there are arguments that mean nothing, by 2; either way with what there is to be asked. */
export function endOnUnknown(unknown, usage) {
  if (unknown.length === 0) return;
  const help = unknown.some((arg) => arg === '--help' || arg === '-h');
  (help ? process.stdout : process.stderr).write(
    help ? usage : `no such option: ${unknown.join(' ')}\n${usage}`,
  );
  process.exit(help ? 0 : 2);
}

export const secondsSince = (started) => (Date.now() - started) / 1000;

/**
 * Runs a command, with its output shown as it comes unless told otherwise; returns its exit code and what it printed. One that is to
 * give way takes what the rest of the machine leaves it, with all that it starts.
 */
export async function run(command, args, { show = true, givesWay = false, env = testEnvironment } = {}) {
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  if (givesWay && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
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

/** Runs Jest with more arguments; returns its counts and how long each of its files took. */
export async function runJest(name, more = [], env = testEnvironment) {
  const folder = await mkdtemp(join(tmpdir(), 'abland-jest-'));
  const outputFile = join(folder, 'results.json');
  const args = ['--json', `--outputFile=${outputFile}`, ...more];
  try {
    const { code } = await run(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...args], {
      env,
    });
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
      name,
      note: `the ${Math.min(SLOWEST_FILES, parts.length)} slowest of ${parts.length} files:`,
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

/**
 * Runs steps one after the other, those of an inner list side by side, tells how long each took, and closes with
 * `N passed, N failed, N skipped`. The process fails where something did, or nothing passed that was not skipped.
 * @param {{ limitSeconds?: number }} options how long all of it may take where nothing else keeps the machine busy; told, not enforced
 */
export async function runSteps(steps, { limitSeconds } = {}) {
  const started = Date.now();
  const done = [];
  const timed = async (step) => {
    const stepStarted = Date.now();
    const result = await step();
    done.push({ ...result, seconds: secondsSince(stepStarted) });
  };
  for (const step of steps) await Promise.all([step].flat().map(timed));
  const total = (key) => done.reduce((sum, result) => sum + result[key], 0);
  say('how long the parts took');
  process.stdout.write(
    `${durationTable(done)}\n\n${took(Math.round(secondsSince(started)), limitSeconds)}\n`,
  );
  process.stdout.write(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped\n`);
  process.exitCode = total('failed') === 0 && total('passed') + total('skipped') > 0 ? 0 : 1;
}

/** With what else a reader needs to judge it by: another machine, or one with other work, takes longer. */
function took(seconds, limitSeconds) {
  if (limitSeconds === undefined) return `in ${seconds} s`;
  const judged = seconds <= limitSeconds ? `of the ${limitSeconds} s` : `LONGER than the ${limitSeconds} s`;
  const machine = `here there are ${availableParallelism()}, and over the last quarter of an hour ${loadavg()[2].toFixed(1)} wanted to run`;
  return `in ${seconds} s, ${judged} that it may take on two cores without other work (${machine})`;
}
