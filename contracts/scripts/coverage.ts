// How many lines of the contracts the TypeScript tests run: code built for it, in folders of its own, by a process of its own.
// Run by itself it says so and fails below the bound; coverage/html shows the lines.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { testFiles } from './suite.js';

const PERCENT_LEAST = 99;
/** Tests of the committed code itself, of its gas and of its documentation: they run no line that others do not. */
const WITHOUT = [
  'gas.ts',
  'uniswap.ts',
  'documentation.ts',
  'network-deployment.ts',
  'guards.ts',
  'mutation.ts',
];
const folder = fileURLToPath(new URL('../', import.meta.url));

export interface Coverage {
  readonly isEnough: boolean;
  readonly report: string;
}

/** Runs the tests; also what a failure among them said is in the report. */
export async function lineCoverage(): Promise<Coverage> {
  const files = testFiles(folder).filter((file) => !WITHOUT.includes(file));
  const cli = fileURLToPath(import.meta.resolve('hardhat')).replace(
    /hardhat\/dist\/.*$/,
    'hardhat/dist/src/cli.js',
  );
  const child = spawn(
    process.execPath,
    [cli, 'test', 'mocha', '--coverage', ...files.map((file) => `test/typescript/${file}`)],
    // A twentieth of the inputs runs the same lines.
    {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: '--conditions=@abland/source', EQUALITY_ROUNDS: '1' },
    },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) return { isEnough: false, report: `the tests fail in code built for coverage\n${output}` };
  return judge(readFileSync(new URL('../coverage/lcov.info', import.meta.url), 'utf8'));
}

/** From a report in the format of lcov: "SF:" names a source, "DA:" a line and how often it ran. */
export function judge(lcov: string): Coverage {
  let source = '';
  let lines = 0;
  const missed: string[] = [];
  for (const entry of lcov.split('\n')) {
    if (entry.startsWith('SF:')) source = entry.slice(3);
    // What stands below test/ only helps tests.
    if (!entry.startsWith('DA:') || source.startsWith('test/')) continue;
    const [line = '', count = ''] = entry.slice(3).split(',');
    lines += 1;
    if (Number(count) === 0) missed.push(`${source}:${line}`);
  }
  const percent = (100 * (lines - missed.length)) / lines;
  return {
    isEnough: percent >= PERCENT_LEAST,
    report:
      `line coverage: ${lines - missed.length} of ${lines} lines, ${percent.toFixed(1)} % (at least ${PERCENT_LEAST} %)` +
      (missed.length === 0 ? '' : `; never run: ${missed.join(', ')}`),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { isEnough, report } = await lineCoverage();
  process.stdout.write(`${report}\n`);
  process.exitCode = isEnough ? 0 : 1;
}
