// Takes out each guard in turn, of our sources and OpenZeppelin's, and runs the test of the attack that it stops: the test has
// to fail. With the guards in, all of them have to pass. `npm run guards -w contracts -- <name>` tries the attacks so named.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, readSources, type Optimization, type Sources, type Target } from './compilation.js';
import { without, type Guard } from './guards/guard.js';
import { GUARDS } from './guards/list.js';
import { Suite, testFiles, type Outcome } from './suite.js';
import { makeWorkingCopy } from './working-copy.js';

interface Deployed extends Target {
  readonly optimization: Optimization;
}

const deployed = (source: string, optimization: Optimization = 'none'): Deployed => ({
  source: `${source}.sol`,
  name: source.split('/')[1] ?? '',
  optimization,
});
const DEPLOYED: readonly Deployed[] = [
  deployed('forwarder/ABForwarder'),
  deployed('tokens/ABToken'),
  deployed('tokens/ABTokenFactory', 'size'),
  deployed('liquidity/ABLiquidityManager'),
  deployed('liquidity/ABRouter'),
  deployed('governance/ABTimelock'),
  deployed('governance/ABGovernance', 'size'),
  deployed('checkpoint/ABCheckpoint'),
];

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const checkout = fileURLToPath(new URL('..', import.meta.url));
const sourcesOf = new Map(DEPLOYED.map((one) => [one, readSources(checkout, [one.source])]));

/** Checked before anything runs, so that a guard that reads otherwise by now is told at once. */
const patched = GUARDS.map((guard) => {
  const text = [...sourcesOf.values()]
    .map((sources) => sources.get(guard.source))
    .find((one) => one !== undefined);
  return { guard, text: without(guard, text ?? '') };
});

/** Compiles what a change of the source reaches; returns how to undo it. */
async function install(folder: string, source: string, text: string): Promise<() => Promise<void>> {
  const originals: (readonly [file: string, contents: string])[] = [];
  for (const [target, sources] of sourcesOf) {
    if (!sources.has(source)) continue;
    const changed: Sources = new Map([...sources, [source, text]]);
    const [bytecode] = compile(changed, [target], target.optimization);
    const file = join(folder, `generated/${target.name}.json`);
    const contents = await readFile(file, 'utf8');
    originals.push([file, contents]);
    await writeFile(file, JSON.stringify({ ...(JSON.parse(contents) as object), bytecode }));
  }
  return async () => {
    for (const [file, contents] of originals) await writeFile(file, contents);
  };
}

const named = (attack: string): RegExp => new RegExp(`^attacks .* ${attack}$`);

function verdict({ passed, failures: [failure] }: Outcome): {
  readonly good: boolean;
  readonly text: string;
} {
  if (failure === undefined) {
    return { good: false, text: passed > 0 ? 'PASSES: the test proves nothing' : 'NO SUCH TEST' };
  }
  return { good: true, text: failure.inSetUp ? 'fails in its deployment (expected)' : 'fails (expected)' };
}

async function tryAll(suite: Suite, folder: string, tried: typeof patched): Promise<number> {
  let wrong = 0;
  for (const { guard, text } of tried) {
    const undo = await install(folder, guard.source, text);
    const outcome = await suite.run({ only: named(guard.attack), bail: true });
    await undo();
    const { good, text: told } = verdict(outcome);
    if (!good) wrong += 1;
    say(`${guard.attack} | ${guard.guard} | without it: ${told}`);
    say(`    ${outcome.failures[0]?.message ?? ''}`);
  }
  return wrong;
}

const [only = ''] = process.argv.slice(2);
const tried = patched.filter(({ guard }) => guard.attack.includes(only));
const copy = await makeWorkingCopy();
try {
  // Hardhat reads its configuration where the process runs, when the first test imports it.
  process.chdir(copy.folder);
  const suite = await Suite.load(
    copy.folder,
    testFiles(copy.folder).filter((file) => file.startsWith('attacks')),
  );
  const { passed, failures } = await suite.run({ bail: false });
  say(`with all guards: ${passed} attacks fail to do harm, ${failures.length} tests fail`);
  for (const { title, message } of failures) say(`    ${title}: ${message}`);
  const wrong = await tryAll(suite, copy.folder, tried);
  const attacks = new Set(tried.map(({ guard }: { guard: Guard }) => guard.attack)).size;
  say(
    `guards: ${tried.length - wrong} of ${tried.length} found missing by the tests of the ${attacks} attacks that they stop`,
  );
  process.exitCode = wrong === 0 && failures.length === 0 && passed > 0 && tried.length > 0 ? 0 : 1;
} finally {
  await copy.remove();
}
process.exit();
