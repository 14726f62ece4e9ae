// All tests but those of whole systems and under faults, which have runs of their own: format, lint, types and generated files first, whose failures are the cheapest to learn (two of these side by side,
// each told once it is done); then the tests on real parts, and beside them, in the time in which those wait, the contracts.
// Tells at its end how long each part took, and what of its limit. Ends with the line `N passed, N failed, N skipped`; a check that fails counts as one failed.
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { root } from './toolchain.mjs';
import { endOnUnknown, run, runJest, runSteps, say, secondsSince, testEnvironment } from './test-run.mjs';

const USAGE = `npm test              every check and test of the repository but those below; fifteen minutes are its limit on two cores where nothing else runs, which it tells where it is missed
npm run test:systems  whole systems as the outermost command starts them, and their pages in a browser: on another store or folder, through reorgs, with personal data,
                      copied, removed, monitored, started where they cannot
npm run test:faults   whole programs and the event store under faults of what surrounds them: kills, silence, a full disk, a clock set back;
                      the simulation of the chain's way
npm run test:fuzz     the contracts' Solidity tests, ten times as deep as npm test has them, a change in them that is to be noticed, their line coverage
npm run test:deep     all of it with more seeds, kills and faults, longer stress, every guard of the contracts, the coverage of the libraries
npm run jest -- <part of a path>   the tests of some files alone
`;

const KINDS = ['--deep', '--systems', '--faults', '--fuzz'];
endOnUnknown(
  process.argv.slice(2).filter((arg) => !KINDS.includes(arg)),
  USAGE,
);
const LIMIT_SECONDS = 900;
const deep = process.argv.includes('--deep');
const fuzzing = process.argv.includes('--fuzz');
const faulty = process.argv.includes('--faults');
const wholeSystems = process.argv.includes('--systems');
const bin = (name) => join(root, 'node_modules', '.bin', name);
// A commit passes or fails by what it is, not by what was drawn at random; what is drawn anew is for the deep tests.
const seed = process.env.ABLAND_TEST_SEED ?? (deep ? String(randomInt(1_000_000)) : '1');
const env = { ...testEnvironment, ABLAND_TEST_SEED: seed, ...(deep ? { ABLAND_TEST_DEEP: '1' } : {}) };

/** By the compiler that is a program of the machine; what asks the compiler for types in its own process (lint, schemas) still has the one before it. */
const checkTypes = (project) => [
  process.execPath,
  ['node_modules/typescript-7/bin/tsc', '--noEmit', '-p', project],
];

const CHECKS = [
  ['format', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['lint', bin('eslint'), ['.', '--max-warnings', '0']],
  ['import rules', process.execPath, ['apps/abland/bootstrap/check-boundaries.mjs']],
  ['circles of folders', process.execPath, ['apps/abland/bootstrap/check-folders.mjs']],
  ['types', ...checkTypes('tsconfig.json')],
  ['types of the web app', ...checkTypes('apps/web/tsconfig.json')],
  ['documents of the web app', process.execPath, ['apps/web/codegen.mjs', '--check']],
  ['sizes of the web app', process.execPath, ['apps/web/sizes.mjs']],
  ['promises of the schema', process.execPath, ['apps/api/scripts/schema-changes.mjs', 'check']],
  ['documents of the client', process.execPath, ['libs/client/codegen.mjs', '--check']],
  ['types of the contracts', ...checkTypes('contracts/tsconfig.json')],
  ['event schemas', process.execPath, ['libs/event-codec/tools/event-schemas.mjs', 'check']],
  ['migrations', process.execPath, ['apps/abland/tools/released-migrations.mjs', 'check']],
];

async function check([name, command, args]) {
  const started = Date.now();
  const { code, output, errors } = await run(command, args, { show: false, env });
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
 * In what the tests on real parts leave of the machine, which wait for most of their time; told once it is done.
 * The contracts' own runner tells `contracts, <step>: N s` for each of its steps and closes with
 * `contracts: N passed, N failed, N skipped`.
 */
async function contracts() {
  const depth = fuzzing ? '--fuzz' : deep ? '--deep' : '--brief';
  const args = ['test', '--silent', '-w', 'contracts', '--', depth];
  const { code, output, errors } = await run('npm', args, { show: false, givesWay: true, env });
  say(`contracts${deep ? ', deep' : ''}`);
  process.stdout.write(`${output}${errors}`);
  const parts = [...output.matchAll(/^contracts, (.+): ([\d.]+) s$/gm)].map(([, name, seconds]) => ({
    name,
    seconds: Number(seconds),
  }));
  const told = { name: 'contracts', ...(fuzzing ? {} : { note: 'beside everything else' }), parts };
  const counts = /^contracts: (\d+) passed, (\d+) failed, (\d+) skipped$/m.exec(output);
  if (counts === null) return { ...told, passed: 0, failed: 1, skipped: 0 };
  const [passed, failed, skipped] = counts.slice(1).map(Number);
  return { ...told, passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped };
}

/** What takes its time has a run of its own: whole systems, and what is put under faults of the surroundings. A deep run has everything. */
const SYSTEMS = String.raw`\.system\.spec\.ts$`;
const FAULTS = String.raw`\.faults\.spec\.ts$`;

function jest() {
  say('everything else, on real parts; the contracts beside it');
  // Coverage doubles the time of a first run's unit tests.
  const selected = deep ? ['--coverage'] : ['--testPathIgnorePatterns', SYSTEMS, FAULTS, '/node_modules/'];
  return runJest('everything else', selected, env);
}

function systems() {
  say('whole systems, as the outermost command starts them');
  return runJest('systems', ['--testPathPatterns', SYSTEMS], env);
}

function faults() {
  say('under faults of the surroundings');
  return runJest('faults', ['--testPathPatterns', FAULTS], env);
}

say(`seed ${seed}; ABLAND_TEST_SEED draws by another`);
if (fuzzing) await runSteps([contracts]);
else if (wholeSystems) await runSteps([systems]);
else if (faulty) await runSteps([faults]);
else await runSteps([checks, [contracts, jest]], deep ? {} : { limitSeconds: LIMIT_SECONDS });
