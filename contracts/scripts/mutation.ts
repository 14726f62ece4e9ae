// How much the TypeScript tests notice: changes one operator of the pools' sources, or takes one guard out, compiles, and
// runs the tests on the changed contracts. A change that no test notices survives. Run it with `npm run mutation`; with a
// path as argument only the mutants of that source are tried.
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { guardMutants, operatorMutants, type Mutant } from './mutants.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const SOURCES = [
  'liquidity/ABPool.sol',
  'liquidity/ABPoolLedger.sol',
  'liquidity/ABLiquidityManager.sol',
  'liquidity/ABLiquidityAdministration.sol',
];
/** Tests that look at the pools, the quickest to fail first. */
const TESTS = [
  'ABLiquidityManager',
  'ABLiquidityAdministration',
  'ABRouter',
  'attacks',
  'equality',
  'uniswap',
];

/** What the tests call of the mutated sources: the manager, and the library behind calls. */
const BUILT = ['liquidity/ABLiquidityManager.sol', 'test/solidity/support/ArithmeticBatches.sol'];

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** A copy of the package beside links to what it imports, so that the checkout itself is never changed. */
async function workingCopy(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'abland-mutation-'));
  for (const name of ['node_modules', 'libs', 'schemas']) await symlink(join(root, name), join(folder, name));
  await cp(join(root, 'contracts'), join(folder, 'contracts'), {
    recursive: true,
    filter: (path) => !['dist', 'node_modules'].includes(basename(path)),
  });
  return join(folder, 'contracts');
}

const hardhat = (folder: string, args: readonly string[]): number | null =>
  spawnSync(process.execPath, [join(root, 'node_modules/hardhat/dist/src/cli.js'), ...args], {
    cwd: folder,
    stdio: 'ignore',
    timeout: 300_000,
    env: { ...process.env, NODE_OPTIONS: '--conditions=@abland/source' },
  }).status;

type Verdict = 'killed' | 'survived' | 'does not compile';

async function judge(folder: string, mutant: Mutant): Promise<Verdict> {
  const file = join(folder, mutant.source);
  const original = await readFile(file, 'utf8');
  await writeFile(file, mutant.apply(original));
  try {
    if (hardhat(folder, ['build', ...BUILT]) !== 0) return 'does not compile';
    await refreshGenerated(folder);
    const files = TESTS.map((name) => `test/typescript/${name}.ts`);
    return hardhat(folder, ['test', 'mocha', '--bail', '--no-compile', ...files]) === 0
      ? 'survived'
      : 'killed';
  } finally {
    await writeFile(file, original);
  }
}

/** The tests deploy what lies in generated/. */
async function refreshGenerated(folder: string): Promise<void> {
  const artifact = join(folder, 'artifacts/liquidity/ABLiquidityManager.sol/ABLiquidityManager.json');
  const { abi, bytecode } = JSON.parse(await readFile(artifact, 'utf8')) as {
    abi: unknown;
    bytecode: string;
  };
  const contractName = 'ABLiquidityManager';
  await writeFile(
    join(folder, `generated/${contractName}.json`),
    JSON.stringify({ contractName, abi, bytecode }),
  );
}

const [only] = process.argv.slice(2);
const folder = await workingCopy();
try {
  hardhat(folder, ['build']);
  const mutants: Mutant[] = [];
  for (const source of SOURCES.filter((name) => only === undefined || name.includes(only))) {
    const text = await readFile(join(folder, source), 'utf8');
    mutants.push(...guardMutants(source, text), ...operatorMutants(source, text));
  }
  const survivors: Mutant[] = [];
  let killed = 0;
  for (const [index, mutant] of mutants.entries()) {
    const verdict = await judge(folder, mutant);
    if (verdict === 'killed') killed += 1;
    if (verdict === 'survived') survivors.push(mutant);
    say(`${index + 1}/${mutants.length} ${verdict}: ${mutant.description}`);
  }
  const tried = killed + survivors.length;
  for (const { description } of survivors) say(`survived: ${description}`);
  say(`mutation score: ${killed} of ${tried} (${((100 * killed) / tried).toFixed(1)} %)`);
  process.exitCode = killed >= tried * 0.9 ? 0 : 1;
} finally {
  await rm(join(folder, '..'), { recursive: true, force: true });
}
