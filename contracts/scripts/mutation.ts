// How much the TypeScript tests notice: changes one thing in the pools' sources, compiles, and runs the tests on the changed
// contracts. A change that no test notices survives. A run over everything writes snapshots/mutation.json.
//
//   npm run mutation -w contracts                          everything; about half an hour on two cores
//   npm run mutation -w contracts -- ABPool.sol            one source
//   npm run mutation -w contracts -- --resume              the rest of an interrupted run
//   npm run mutation -w contracts -- --check               everything, and writes nothing
//   npm run mutation -w contracts -- --sample 5 --seed 7   some, which the last full run found noticed
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { readSources } from './compilation.js';
import { EQUIVALENT } from './mutation/equivalent.js';
import { Found } from './mutation/found.js';
import { Judge } from './mutation/judge.js';
import type { Judgement } from './mutation/judgement.js';
import { mutantsOf, type Mutant } from './mutation/mutants.js';
import {
  MUTATED,
  SCORE_MIN,
  codeHash,
  readResult,
  resultFile,
  type MutationResult,
} from './mutation/result.js';
import { sampled } from './mutation/sample.js';

type Judged = readonly [mutant: Mutant, judgement: Judgement];

const folder = fileURLToPath(new URL('..', import.meta.url));
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    check: { type: 'boolean', default: false },
    resume: { type: 'boolean', default: false },
    processes: { type: 'string', default: '2' },
  },
});

function allMutants(): Mutant[] {
  const sources = readSources(folder, MUTATED);
  return MUTATED.flatMap((source) => mutantsOf(sources, source));
}

function chosen(all: readonly Mutant[]): readonly Mutant[] {
  const names = new Set(all.map(({ name }) => name));
  const unknown = Object.keys(EQUIVALENT).filter((name) => !names.has(name));
  if (unknown.length > 0) throw new Error(`no such changes, listed as equivalent:\n${unknown.join('\n')}`);
  if (values.sample !== undefined) {
    const { survived, equivalent } = readResult(folder);
    const noticed = all.filter(({ name }) => !survived.includes(name) && equivalent[name] === undefined);
    return sampled(noticed, Number(values.sample), Number(values.seed));
  }
  const [only] = positionals;
  return only === undefined ? all : all.filter(({ source }) => source.endsWith(only));
}

/** Each worker takes the next one as soon as it has judged one. */
async function judgeAll(mutants: readonly Mutant[]): Promise<readonly Judged[]> {
  const found = new Found(folder, codeHash(folder), values.resume);
  const judged: Judged[] = [];
  const queue: Mutant[] = [];
  for (const mutant of mutants) {
    const known = found.of(mutant.name);
    if (known === undefined) queue.push(mutant);
    else judged.push([mutant, known]);
  }
  if (judged.length > 0) say(`${judged.length} of ${mutants.length} found before`);
  const work = async (): Promise<void> => {
    const judge = await Judge.make();
    try {
      await requireThatTestsPass(judge);
      for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
        const judgement = await judge.ask(mutant);
        judged.push([mutant, judgement]);
        found.add(mutant.name, judgement);
        const by = judgement.by === undefined ? '' : ` by ${judgement.by}`;
        say(`${judged.length}/${mutants.length} ${judgement.verdict}${by}: ${mutant.name}`);
      }
    } finally {
      await judge.close();
    }
  };
  const processes = Math.min(Number(values.processes), Math.ceil(queue.length / 10));
  await Promise.all(Array.from({ length: processes }, work));
  return judged;
}

async function requireThatTestsPass(judge: Judge): Promise<void> {
  const { verdict, by, message } = await judge.ask({ source: '', text: '' });
  if (verdict !== 'survived') throw new Error(`the tests fail on the unchanged contracts: ${by}: ${message}`);
}

function resultOf(judged: readonly Judged[]): MutationResult {
  const equivalent: Record<string, string> = { ...EQUIVALENT };
  for (const [{ name }, { verdict }] of judged) {
    if (verdict === 'equivalent') equivalent[name] = 'The compiler makes the same code of it.';
  }
  const counted = judged.filter(([{ name }, { verdict }]) => verdict !== 'invalid' && !(name in equivalent));
  const killed = counted.filter(([, { verdict }]) => verdict === 'killed');
  const of = (list: readonly Judged[], source: string): number =>
    list.filter(([mutant]) => mutant.source === source).length;
  return {
    code: codeHash(folder),
    mutants: counted.length,
    killed: killed.length,
    survived: counted.flatMap(([{ name }, { verdict }]) => (verdict === 'survived' ? [name] : [])).sort(),
    equivalent: Object.fromEntries(Object.entries(equivalent).sort()),
    sources: Object.fromEntries(
      MUTATED.map((source) => [source, { killed: of(killed, source), mutants: of(counted, source) }]),
    ),
  };
}

function print({ mutants, killed, survived, equivalent, sources }: MutationResult): void {
  const percent = (part: number, whole: number): string =>
    whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(1)} %`;
  for (const [name, reason] of Object.entries(equivalent)) say(`equivalent: ${name}\n            ${reason}`);
  for (const name of survived) say(`survived: ${name}`);
  for (const [source, score] of Object.entries(sources)) {
    say(`${source}: ${score.killed} of ${score.mutants} (${percent(score.killed, score.mutants)})`);
  }
  say(`mutation score: ${killed} of ${mutants} (${percent(killed, mutants)})`);
}

const all = allMutants();
const mutants = chosen(all);
const judged = await judgeAll(mutants);
const result = resultOf(judged);
const wronglyListed = judged.filter(([{ name }, { verdict }]) => name in EQUIVALENT && verdict === 'killed');
for (const [{ name }, { by }] of wronglyListed) say(`listed as equivalent, but ${by} notices it: ${name}`);
if (values.sample === undefined) print(result);
else {
  say(`mutation sample: ${result.killed} of ${result.mutants} changes noticed (seed ${values.seed})`);
}
const enough = values.sample === undefined ? SCORE_MIN : 1;
const good = wronglyListed.length === 0 && result.killed >= result.mutants * enough;
if (mutants.length === all.length && good && !values.check) {
  await writeFile(resultFile(folder), `${JSON.stringify(result, null, 2)}\n`);
}
process.exitCode = good ? 0 : 1;
