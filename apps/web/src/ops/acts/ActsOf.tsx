import { type OperationsQuery, OperationsDocument } from '../../api/operations.gen.js';
import { words } from '../../format/numbers.js';
import { Badge, Empty, Id, Time, type Tone } from '../../ui/parts.js';
import { usePaged } from '../paged.js';

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
export function ActsOf({ changed, subject }: { readonly subject: string; readonly changed: string }) {
  const { isWaiting, rows } = usePaged({
    document: OperationsDocument,
    variables: (after) => ({ first: LOOKED_AT, after, status: null }),
    pageOf: ({ operations }) => ({ rows: operations.edges.map(({ node }) => node), next: null }),
    version: changed,
  });
  const its = rows.filter((one) => one.subject === subject);
  if (its.length === 0) return isWaiting ? null : <Empty title="Nobody did anything to it lately" />;
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
