// A process that judges one mutant after another in its own working copy: compiles it, puts the code where the tests deploy
// it from, and runs the tests until one fails.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { CompilationError, compile, readSources } from '../compilation.js';
import { Suite, type Outcome } from '../suite.js';
import type { Judgement, Question } from './judgement.js';

const MANAGER = { source: 'liquidity/ABLiquidityManager.sol', name: 'ABLiquidityManager' };
const ARITHMETIC = { source: 'test/solidity/support/ArithmeticBatches.sol', name: 'ArithmeticBatches' };
const TARGETS = [MANAGER, ARITHMETIC];
const PLACES = [
  'generated/ABLiquidityManager.json',
  'artifacts/test/solidity/support/ArithmeticBatches.sol/ArithmeticBatches.json',
];
/** The tests of behaviour. Those of gas, sizes and code would notice every change and say nothing. */
const FILES = [
  'ABLiquidityManager.ts',
  'leaving.ts',
  'ABLiquidityAdministration.ts',
  'pool-bounds.ts',
  'ABRouter.ts',
  'attacks.ts',
  'ABTokenFactory.ts',
  'uniswap.ts',
  'equality.ts',
];
const GAS = /costsNoMoreGas/;
/** It calls the arithmetic by itself, so only where that differs. */
const EQUALITY = /^arithmetic of the domain/;
/** A twentieth of its inputs first: what those do not notice is tried with all of them. */
const [QUICK_ROUNDS, ALL_ROUNDS] = ['1', '20'];

const folder = process.cwd();
const sources = readSources(
  folder,
  TARGETS.map(({ source }) => source),
);
const suite = await Suite.load(folder, FILES);
const arithmeticSources = readSources(folder, [ARITHMETIC.source]);
const reachesArithmetic = (source: string): boolean => arithmeticSources.has(source);
const plain = compile(sources, TARGETS, 'none');

async function install(codes: readonly string[]): Promise<void> {
  for (const [index, place] of PLACES.entries()) {
    const file = join(folder, place);
    const artifact = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    await writeFile(file, JSON.stringify({ ...artifact, bytecode: codes[index] }));
  }
}

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.every((code, index) => code === other[index]);

/** The manager's code, and the library's behind calls where the change can reach it. */
function codesOf({ source, text }: Question): readonly string[] {
  const changed = new Map([...sources, [source, text]]);
  if (reachesArithmetic(source)) return compile(changed, TARGETS, 'none');
  return [...compile(changed, [MANAGER], 'none'), ...plain.slice(1)];
}

async function judge(question: Question): Promise<Judgement> {
  const changed = question.source !== '';
  try {
    const codes = changed ? codesOf(question) : plain;
    if (changed && same(codes, plain)) return { verdict: 'equivalent' };
    await install(codes);
    return await runTests(!changed || codes[1] !== plain[1], changed);
  } catch (error) {
    if (error instanceof CompilationError) return { verdict: 'invalid', message: error.message };
    throw error;
  }
}

async function runTests(arithmeticDiffers: boolean, changed: boolean): Promise<Judgement> {
  process.env.EQUALITY_ROUNDS = QUICK_ROUNDS;
  const without = arithmeticDiffers ? GAS : new RegExp(`${GAS.source}|${EQUALITY.source}`);
  const quick = await suite.run({ without, bail: true });
  if (quick.passed === 0 && quick.failures.length === 0) throw new Error('no test ran');
  const judgement = judgementOf(quick);
  if (judgement.verdict === 'killed' || !arithmeticDiffers || !changed) return judgement;
  process.env.EQUALITY_ROUNDS = ALL_ROUNDS;
  return judgementOf(await suite.run({ only: EQUALITY, bail: true }));
}

const judgementOf = ({ failures: [failure] }: Outcome): Judgement =>
  failure === undefined
    ? { verdict: 'survived' }
    : { verdict: 'killed', by: failure.title, message: failure.message };

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
// Nobody asks any more.
process.on('disconnect', () => process.exit());
process.send?.('ready');
