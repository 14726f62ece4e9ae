import { type OperationsQuery, OperationsDocument } from '../../api/operations.gen.js';
import { words } from '../../format/numbers.js';
import { Badge, Empty, Id, Time, type Tone } from '../../ui/parts.js';
import { useAsked } from '../../api/asked.js';
import { useAnswersOf } from '../news.js';

export type Operation = OperationsQuery['operations']['edges'][number]['node'];

export const OPERATION_TONES: Readonly<Record<Operation['status'], Tone>> = {
  AWAITING_APPROVAL: 'warn',
  REQUESTED: 'busy',
  DECLINED: 'idle',
  COMPLETED: 'good',
  FAILED: 'bad',
};
export const OPERATION_WORDS: Readonly<Record<Operation['status'], string>> = {
  AWAITING_APPROVAL: 'Awaits approval',
  REQUESTED: 'Under way',
  DECLINED: 'Declined',
  COMPLETED: 'Done',
  FAILED: 'Refused',
};

const LOOKED_AT = 100;

/** What was done to one thing, newest first, among the newest acts of all. */
export function ActsOf({ subject }: { readonly subject: string }) {
  const { data, refused } = useAsked({
    document: OperationsDocument,
    variables: { first: LOOKED_AT, after: null, status: null },
    version: useAnswersOf('operations'),
  });
  if (data === undefined) return refused === null ? null : <p className="refused">{refused.message}</p>;
  const its = data.operations.edges.map(({ node }) => node).filter((one) => one.subject === subject);
  if (its.length === 0) return <Empty title="Nobody did anything to it lately" />;
  return (
    <ol className="acts">
      {its.map((act) => (
        <li key={act.id}>
          <Badge tone={OPERATION_TONES[act.status]}>{words(act.kind)}</Badge>
          <span className="act-reason">
            {act.failure === null ? act.reason : `${act.failure.code}: ${act.reason}`}
          </span>
          <small>
            <Id value={act.requestedBy} head={6} /> <Time at={act.requestedAt} />
          </small>
        </li>
      ))}
    </ol>
  );
}
