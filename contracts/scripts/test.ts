// All tests of the contracts: generated files fresh, Solidity tests fuzzed, TypeScript tests, a change that is to be noticed, line
// coverage. With --brief the fuzzing goes a tenth as deep, and the last two are left to --fuzz, which has them after the fuzzing in
// whole and nothing else; with --deep it goes ten times as deep, every guard is taken out and the mutation score measured. Tells at the end what was tried how often and what it costs, and after each step how long it took.
// Ends with the line `contracts: N passed, N failed, N skipped`; what did not run is not counted.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import hre from 'hardhat';
import { forgetFigures, recordedFigures } from '../test/typescript/support/figures.js';
import { lineCoverage, type Coverage } from './coverage.js';
import { fuzzingReport, type SuiteResult } from './fuzzing.js';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const deep = process.argv.includes('--deep');
const brief = process.argv.includes('--brief');
const testProfile = deep ? 'deep' : brief ? 'brief' : 'default';
const fuzzing = process.argv.includes('--fuzz');

function generatedFiles(): Counts {
  const script = fileURLToPath(new URL('generate.ts', import.meta.url));
  const { status } = spawnSync(process.execPath, [script, '--check'], { stdio: 'inherit' });
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
}

interface RunnerResult {
  readonly success: boolean;
  readonly value?: unknown;
  readonly error?: unknown;
}

async function run(runner: 'solidity' | 'mocha', options: Record<string, string>): Promise<RunnerResult> {
  return (await hre.tasks.getTask(['test', runner]).run(options)) as RunnerResult;
}

/** A runner that fails without a failed test (it did not compile, or found no test) is a failure as well. */
const checked = (success: boolean, counts: Counts): Counts =>
  counts.failed === 0 && (!success || counts.passed === 0) ? { ...counts, failed: 1 } : counts;

async function solidityTests(): Promise<Counts> {
  const { success, value, error } = await run('solidity', { testProfile });
  const { suiteResults } = (value ?? error) as { suiteResults: readonly SuiteResult[] };
  figures.push(...fuzzingReport(suiteResults));
  const statuses = suiteResults.flatMap(({ testResults }) => testResults.map(({ status }) => status));
  const count = (status: string): number => statuses.filter((one) => one === status).length;
  return checked(success, { passed: count('Success'), failed: count('Failure'), skipped: count('Skipped') });
}

/** Mocha counts pending tests as passed; the configuration makes them fail instead. */
async function typeScriptTests(): Promise<Counts> {
  const { success, value, error } = await run('mocha', {});
  const { summary } = (value ?? error) as { summary: { passed: number; failed: number } };
  return checked(success, { passed: summary.passed, failed: summary.failed, skipped: 0 });
}

/** Hardhat tells its children which project to work on; these work on copies of it. */
function withoutHardhat(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('HARDHAT_')));
}

/** With --deep every guard is taken out and everything changed that can be, else one change, the same of a seed. */
function changedContracts(): Counts {
  const seed = process.env['ABLAND_TEST_SEED'] ?? '1';
  const runs = deep
    ? [['guards.ts'], ['mutation.ts', '--check']]
    : [['mutation.ts', '--sample', '1', '--seed', seed]];
  const passed = runs.filter(([name = '', ...args]) => {
    const script = fileURLToPath(new URL(name, import.meta.url));
    const options = { stdio: 'inherit', env: withoutHardhat(process.env) } as const;
    return spawnSync(process.execPath, [...process.execArgv, script, ...args], options).status === 0;
  }).length;
  return { passed, failed: runs.length - passed, skipped: 0 };
}

/** Of a process of its own that was begun first: the fuzzing leaves it room where one long sequence is left. */
async function coverage(begun: Promise<Coverage>): Promise<Counts> {
  const { isEnough, report } = await begun;
  if (!isEnough) say(report);
  figures.push(report);
  return { passed: isEnough ? 1 : 0, failed: isEnough ? 0 : 1, skipped: 0 };
}

/** What was tried and measured, told together at the end. */
const figures: string[] = [];
forgetFigures();
type Steps = Readonly<Record<string, () => Counts | Promise<Counts>>>;

function chosenSteps(): Steps {
  const written = { 'generated files and compilation': generatedFiles };
  const tests = { 'Solidity tests': solidityTests, 'TypeScript tests': typeScriptTests };
  if (brief) return { ...written, ...tests };
  const begunCoverage = lineCoverage();
  begunCoverage.catch(() => undefined);
  const inWhole = {
    'changed contracts': changedContracts,
    'waiting for the coverage': () => coverage(begunCoverage),
  };
  return fuzzing ? { 'Solidity tests': solidityTests, ...inWhole } : { ...written, ...tests, ...inWhole };
}

const steps = chosenSteps();
const totals = { passed: 0, failed: 0, skipped: 0 };
for (const [name, step] of Object.entries(steps)) {
  const started = Date.now();
  try {
    const counts = await step();
    for (const key of ['passed', 'failed', 'skipped'] as const) totals[key] += counts[key];
  } catch (error) {
    say(inspect(error));
    totals.failed += 1;
  }
  say(`contracts, ${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
say(`\n${[...figures, ...recordedFigures()].join('\n')}`);
say(`contracts: ${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
