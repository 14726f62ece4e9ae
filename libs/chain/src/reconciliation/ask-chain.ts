import type { HexData, Reconciled, ReconciledValues } from '@abland/domain';
import { atBlock, type BlockId, callEach, withoutCode } from '../asking/call-at-block.js';
import type { Provider } from '../rpc/provider.js';
import { callFailureOf } from '../asking/call-failures.js';
import { type View, viewOf } from './views.js';

/** FORGOTTEN: the node has no state of that block any more. NOTHING: it does not answer for this block, or not as it must. */
export type ChainAnswer = { readonly values: ReconciledValues | null } | 'FORGOTTEN' | 'NOTHING';

/** One thing, and what read models have of it. */
export interface Question {
  readonly of: Reconciled;
  readonly values: ReconciledValues | null;
}

const NOTHING_RETURNED = '0x';
const BYTES = /^0x(?:[0-9a-f]{2})*$/i;

/** How many calls a question is. */
export const callsOf = ({ of, values }: Question): number =>
  viewOf(of, Object.keys(values ?? {})).calls.length;

/** What one provider says of the state after the very block, in the order of the questions. @throws as Provider.batch */
export async function askProvider(
  provider: Provider,
  block: BlockId,
  questions: readonly Question[],
): Promise<readonly ChainAnswer[]> {
  const views = questions.map(({ of, values }) => viewOf(of, Object.keys(values ?? {})));
  const calls = views.flatMap((view) => view.calls);
  if (calls.length === 0) return questions.map(() => 'NOTHING');
  const told = await atBlock(provider, block, async (at) => {
    const answers = await callEach(provider, calls, at);
    if (answers.every((answer) => failureOf(answer) === 'FORM')) return 'FORM';
    const silent = new Set(
      calls.filter((_, index) => answers[index] === NOTHING_RETURNED).map(({ to }) => to),
    );
    return { answers, bare: await withoutCode(provider, [...silent], at) };
  });
  if (told === null || told === 'FORM') return questions.map(() => 'NOTHING');
  const left = [...told.answers];
  return views.map((view) => answerOf(view, left.splice(0, view.calls.length), told.bare));
}

const failureOf = (answer: unknown) => (answer instanceof Error ? callFailureOf(answer) : null);

/** @param bare addresses without code: where there is some, a view of ours that returns nothing was not answered */
function answerOf(view: View, told: readonly unknown[], bare: ReadonlySet<string>): ChainAnswer {
  if (told.some((answer) => failureOf(answer) === 'FORGOTTEN')) return 'FORGOTTEN';
  if (!told.every((answer): answer is HexData => typeof answer === 'string' && BYTES.test(answer)))
    return 'NOTHING';
  const isSilent = told.length > 0 && told.every((data) => data === NOTHING_RETURNED);
  if (isSilent) return view.calls.every(({ to }) => bare.has(to)) ? { values: null } : 'NOTHING';
  try {
    return { values: view.read(told) };
  } catch {
    return 'NOTHING'; // not what a view of ours returns
  }
}
