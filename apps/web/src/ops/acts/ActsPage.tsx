import { useState } from 'react';
import { OperationsDocument } from '../../api/operations.gen.js';
import { words } from '../../format/numbers.js';
import { Icon } from '../../ui/icons.js';
import { Badge, Empty, Fact, Facts, Id, PageHead, Time, Waiting } from '../../ui/parts.js';
import { VirtualList } from '../../ui/VirtualList.js';
import { useAnswersOf } from '../news.js';
import { Approval } from './Approval.js';
import { usePaged } from '../../api/paged.js';
import { type Operation, OPERATION_TONES, OPERATION_WORDS } from './ActsOf.js';

type Status = Operation['status'];

const PAGE = 50;
const SHOWN = [
  ['All', null],
  ['Awaiting approval', 'AWAITING_APPROVAL'],
  ['Refused', 'FAILED'],
] as const satisfies readonly (readonly [string, Status | null])[];

/** What operators did: who, why, and what came of it. */
export default function ActsPage() {
  const [status, setStatus] = useState<Status | null>(null);
  const acts = usePaged({
    document: OperationsDocument,
    variables: (after) => ({ first: PAGE, after, status }),
    pageOf: ({ operations: { edges, pageInfo } }) => ({
      rows: edges.map(({ node }) => node),
      next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
    }),
    of: String(status),
    version: useAnswersOf('operations'),
  });
  const [chosen, setChosen] = useState<string | null>(null);
  const opened = acts.rows.find(({ id }) => id === chosen);
  return (
    <>
      <PageHead
        title="Acts"
        about="What operators did, or tried: who, why, and what came of it. It stays in the log for good."
      >
        <div className="choice" role="group" aria-label="Which">
          {SHOWN.map(([name, wanted]) => (
            <button
              key={name}
              type="button"
              aria-pressed={wanted === status}
              onClick={() => setStatus(wanted)}
            >
              {name}
            </button>
          ))}
        </div>
      </PageHead>
      {acts.refused === null ? null : <p className="refused">{acts.refused.message}</p>}
      {acts.rows.length === 0 ? (
        acts.isWaiting ? (
          <Waiting what="Asking for the acts" />
        ) : (
          <Nothing status={status} />
        )
      ) : (
        <div className={opened === undefined ? 'split' : 'split open'}>
          <div className="panel">
            <VirtualList
              rows={acts.rows}
              keyOf={({ id }) => id}
              rowHeight={56}
              label="Acts"
              selected={chosen}
              onSelect={({ id }) => setChosen(id)}
              onEnd={acts.more}
            >
              {(act) => <ActRow act={act} />}
            </VirtualList>
          </div>
          {opened === undefined ? null : <ActDetail act={opened} onClose={() => setChosen(null)} />}
        </div>
      )}
    </>
  );
}

function Nothing({ status }: { readonly status: Status | null }) {
  if (status === 'AWAITING_APPROVAL')
    return (
      <Empty title="Nothing awaits approval">
        Where <code>OPERATIONS_NEED_APPROVAL</code> wants two operators for an act, what one asks for waits
        here for another.
      </Empty>
    );
  if (status !== null) return <Empty title="No act came to that" />;
  return (
    <Empty title="No operator did anything yet">
      Rebuild a projection, or decide on something parked: it appears here with your reason.
    </Empty>
  );
}

function ActRow({ act }: { readonly act: Operation }) {
  return (
    <div className="act-row">
      <span className="act-what">
        <strong>{words(act.kind)}</strong> <code>{act.subject}</code>
      </span>
      <Badge tone={OPERATION_TONES[act.status]}>{OPERATION_WORDS[act.status]}</Badge>
      <span className="act-reason">{act.reason}</span>
      <small>
        <Id value={act.requestedBy} head={6} /> · <Time at={act.requestedAt} />
      </small>
    </div>
  );
}

function ActDetail({ act, onClose }: { readonly act: Operation; readonly onClose: () => void }) {
  return (
    <section className="panel detail" aria-label="Act">
      <header>
        <h2>{words(act.kind)}</h2>
        <Badge tone={OPERATION_TONES[act.status]}>{OPERATION_WORDS[act.status]}</Badge>
        <button type="button" className="plain" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <p className="reason">{act.reason}</p>
      <Facts>
        <Fact name="To">
          <code>{act.subject}</code>
        </Fact>
        <Fact name="By">
          <code>{act.requestedBy}</code>
        </Fact>
        <Fact name="Asked">
          <Time at={act.requestedAt} />
        </Fact>
        {act.build === null ? null : <Fact name="Build">{act.build}</Fact>}
        {act.decision === null ? null : (
          <Fact name={act.status === 'DECLINED' ? 'Declined' : 'Approved'}>
            <code>{act.decision.by}</code>, <Time at={act.decision.at} />
          </Fact>
        )}
        {act.endedAt === null ? null : (
          <Fact name="Ended">
            <Time at={act.endedAt} />
          </Fact>
        )}
        {(act.result ?? []).map(({ name, value }) => (
          <Fact key={name} name={words(name)}>
            <code>{value}</code>
          </Fact>
        ))}
        <Fact name="Operation">
          <Id value={act.id} head={13} tail={12} />
        </Fact>
      </Facts>
      {act.decision === null ? null : <p className="reason">{act.decision.reason}</p>}
      {act.failure === null ? null : (
        <p className="refused">
          <code>{act.failure.code}</code> {act.failure.reason}
        </p>
      )}
      {act.status === 'AWAITING_APPROVAL' ? <Approval key={act.id} act={act} /> : null}
    </section>
  );
}
