import { type Difference, differencesOf, type ReconciledValues } from '@abland/domain';
import type { BlockId } from '../asking/call-at-block.js';
import type { ChainRpc } from '../rpc/chain-rpc.js';
import { askProvider, type ChainAnswer, type Question } from './ask-chain.js';

/** DISPUTED: providers say different things of the same block, which is theirs. UNANSWERED: nobody said anything twice. */
export type Verdict =
  | { readonly kind: 'AGREES' | 'UNANSWERED' }
  | { readonly kind: 'DRIFTS'; readonly differences: readonly Difference[] }
  | { readonly kind: 'DISPUTED'; readonly said: readonly Said[] };

export interface Said {
  /** Its URL without what may be a key. */
  readonly provider: string;
  readonly values: ReconciledValues | null;
}

/**
 * Holds what read models have of a block against what the chain says of that very block, in the order of the questions. One provider
 * that agrees is enough; what differs is asked of everybody, and of the first one once more.
 */
export async function judge(
  rpc: ChainRpc,
  block: BlockId,
  questions: readonly Question[],
): Promise<readonly Verdict[]> {
  const first = await askUntilAnswered(rpc, block, questions);
  const differing = questions.filter((question) => {
    const [said] = first.get(question) ?? [];
    return said !== undefined && differencesOf(question.values, said.values).length > 0;
  });
  const again = differing.length === 0 ? new Map() : await askAll(rpc, block, differing);
  return questions.map((question) => verdictOf(question, first.get(question) ?? [], again.get(question)));
}

/** What the first who knows says; null where nobody does. */
export async function answerOfAny(
  rpc: ChainRpc,
  block: BlockId,
  question: Question,
): Promise<{ readonly values: ReconciledValues | null } | null> {
  const [said] = (await askUntilAnswered(rpc, block, [question])).get(question) ?? [];
  return said ?? null;
}

type AllSaid = ReadonlyMap<Question, readonly Said[]>;

/** Each question of one provider after another until one answers it. */
async function askUntilAnswered(
  rpc: ChainRpc,
  block: BlockId,
  questions: readonly Question[],
): Promise<AllSaid> {
  const said = new Map<Question, readonly Said[]>();
  await rpc.oneAfterAnother(async (provider) => {
    const left = questions.filter((question) => !said.has(question));
    note(said, left, provider.shownUrl, await askProvider(provider, block, left));
    return said.size === questions.length;
  });
  return said;
}

async function askAll(rpc: ChainRpc, block: BlockId, questions: readonly Question[]): Promise<AllSaid> {
  const said = new Map<Question, readonly Said[]>();
  await rpc.oneAfterAnother(async (provider) => {
    note(said, questions, provider.shownUrl, await askProvider(provider, block, questions));
    return false;
  });
  return said;
}

function note(
  said: Map<Question, readonly Said[]>,
  questions: readonly Question[],
  provider: string,
  answers: readonly ChainAnswer[],
): void {
  for (const [index, question] of questions.entries()) {
    const answer = answers[index];
    if (typeof answer !== 'object') continue;
    said.set(question, [...(said.get(question) ?? []), { provider, values: answer.values }]);
  }
}

function verdictOf(question: Question, first: readonly Said[], again: readonly Said[] | undefined): Verdict {
  const [one] = first;
  if (one === undefined) return { kind: 'UNANSWERED' };
  const differences = differencesOf(question.values, one.values);
  if (differences.length === 0) return { kind: 'AGREES' };
  if (again === undefined || again.length === 0) return { kind: 'UNANSWERED' };
  const disputed = again.some(
    ({ values }) => !sameDifferences(differencesOf(question.values, values), differences),
  );
  return disputed ? { kind: 'DISPUTED', said: [one, ...again] } : { kind: 'DRIFTS', differences };
}

const sameDifferences = (some: readonly Difference[], others: readonly Difference[]): boolean =>
  JSON.stringify(some) === JSON.stringify(others);
