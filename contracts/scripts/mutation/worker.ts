// A process that judges one mutant after another in its own working copy: compiles it, puts the code where the tests deploy
// it from, and runs the tests until one fails.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { CompilationError, compile, readSources, type Optimization } from '../compilation.js';
import { Suite, testFiles } from '../suite.js';
import type { Judgement, Question } from './judgement.js';

const MANAGER = { source: 'liquidity/ABLiquidityManager.sol', name: 'ABLiquidityManager' };
const ARITHMETIC = { source: 'test/solidity/support/ArithmeticBatches.sol', name: 'ArithmeticBatches' };
const TARGETS = [MANAGER, ARITHMETIC];
const PLACES = [
  'generated/ABLiquidityManager.json',
  'artifacts/test/solidity/support/ArithmeticBatches.sol/ArithmeticBatches.json',
];
/** Any change of code changes its gas, so tests of gas would notice everything and say nothing. */
const GAS = /^gas |costsNoMoreGas/;
/** It calls the arithmetic by itself, so only where that differs. */
const EQUALITY = /^arithmetic of the domain/;
/** A twentieth of its inputs first: what those do not notice is tried with all of them. */
const [QUICK_ROUNDS, ALL_ROUNDS] = ['1', '20'];

const folder = process.cwd();
const sources = readSources(
  folder,
  TARGETS.map(({ source }) => source),
);
const suite = await Suite.load(folder, testFiles(folder));
const originals = new Map<Optimization, readonly string[]>();

function original(optimization: Optimization): readonly string[] {
  const known = originals.get(optimization) ?? compile(sources, TARGETS, optimization);
  originals.set(optimization, known);
  return known;
}

async function install(codes: readonly string[]): Promise<void> {
  for (const [index, place] of PLACES.entries()) {
    const file = join(folder, place);
    const artifact = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    await writeFile(file, JSON.stringify({ ...artifact, bytecode: codes[index] }));
  }
}

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.every((code, index) => code === other[index]);

async function judge({ source, text }: Question): Promise<Judgement> {
  const changed = new Map([...sources, [source, text]]);
  const plain = original('none');
  try {
    const codes = compile(changed, TARGETS, 'none');
    if (source !== '' && same(codes, plain)) return { verdict: 'equivalent' };
    await install(codes);
    const arithmeticDiffers = source === '' || codes[1] !== plain[1];
    const without = arithmeticDiffers ? GAS : new RegExp(`${GAS.source}|${EQUALITY.source}`);
    for (const rounds of [QUICK_ROUNDS, ALL_ROUNDS]) {
      process.env.EQUALITY_ROUNDS = rounds;
      const { passed, failures } = await suite.run(
        rounds === QUICK_ROUNDS ? { without, bail: true } : { only: EQUALITY, bail: true },
      );
      const [failure] = failures;
      if (failure) return { verdict: 'killed', by: failure.title, message: failure.message };
      if (passed === 0) throw new Error('no test ran');
      if (!arithmeticDiffers) break;
    }
    if (source !== '' && same(compile(changed, TARGETS, 'deployed'), original('deployed'))) {
      return { verdict: 'equivalent' };
    }
    return { verdict: 'survived' };
  } catch (error) {
    if (error instanceof CompilationError) return { verdict: 'invalid', message: error.message };
    throw error;
  }
}

// What a failed test left running may fail after it; the judgement is out by then.
process.on('uncaughtException', () => {});
process.on('unhandledRejection', () => {});
process.on('message', (question: Question) => {
  judge(question).then(
    (judgement) => process.send?.(judgement),
    (error: unknown) => {
      process.stderr.write(`${inspect(error)}\n`);
      process.exit(1);
    },
  );
});
process.send?.('ready');
