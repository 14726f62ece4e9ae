import { useState } from 'react';
import { useClient } from 'urql';
import { toldOfAct } from '../../api/errors.js';
import {
  LogEventDocument,
  type ParkedAt,
  ParkedEventsDocument,
  type ParkedEventsQuery,
  RetryParkedEventDocument,
  SkipParkedEventDocument,
} from '../../api/operations.gen.js';
import { navigate } from '../../browser/router.js';
import { count, words } from '../../format/numbers.js';
import { ActDialog } from '../../ui/ActDialog.js';
import { Icon } from '../../ui/icons.js';
import { Ago, Badge, Empty, Fact, Facts, PageHead, Time, Waiting } from '../../ui/parts.js';
import { VirtualList } from '../../ui/VirtualList.js';
import { tellDone } from '../acts/tell-done.js';
import { useAsked } from '../../api/asked.js';
import { useAnswersOfAll, useNowAndThen } from '../news.js';
import { usePaged } from '../../api/paged.js';

type Parked = ParkedEventsQuery['parkedEvents']['edges'][number]['node'];
type Decision = 'retry' | 'skip';

/** Of what is perhaps no longer among what is parked. */
interface AskedDecision {
  readonly decision: Decision;
  readonly parked: Parked;
}

const PAGE = 50;
const PLACES: readonly ParkedAt[] = ['STREAM', 'INGESTION', 'PROJECTION', 'PROCESS'];
/** What is to be done with what was left out there. */
const REMEDIES: Readonly<Record<ParkedAt, string>> = {
  STREAM:
    'A message of the log stream could not be taken. No block was lost with it: the blocks were published anew.',
  INGESTION: 'A log of ours became no fact. Retry it once the cause is mended, or leave it out for good.',
  PROJECTION:
    'A read model lacks what the event tells. Retry it by a build from the first event on, once the cause is mended, or leave it out for good.',
  PROCESS:
    'A command that follows from the event was not carried out. Retry it once the cause is mended, or leave it out for good.',
};

/** What was left out for the rest to go on. */
export default function ParkedPage() {
  const [at, setAt] = useState<ParkedAt | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [asked, setAsked] = useState<AskedDecision | null>(null);
  // Read models tell of what they and ingestion parked, nobody of what processes did.
  const version = `${useAnswersOfAll()}/${useNowAndThen()}`;
  const parked = usePaged({
    document: ParkedEventsDocument,
    variables: (after) => ({ first: PAGE, after, at }),
    pageOf: ({ parkedEvents: { edges, pageInfo } }) => ({
      rows: edges.map(({ node }) => node),
      next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
    }),
    of: String(at),
    version,
  });
  const opened = parked.rows.find(({ id }) => id === chosen);
  return (
    <>
      <PageHead
        title="Parked"
        about="What could not be handled and was left out, so that everything else goes on."
      >
        <div className="choice" role="group" aria-label="Where">
          {[null, ...PLACES].map((place) => (
            <button
              key={String(place)}
              type="button"
              aria-pressed={place === at}
              onClick={() => setAt(place)}
            >
              {place === null ? 'All' : words(place)}
            </button>
          ))}
        </div>
      </PageHead>
      {parked.refused === null ? null : <p className="refused">{parked.refused.message}</p>}
      {parked.rows.length === 0 ? (
        parked.isWaiting ? (
          <Waiting what="Asking for what is parked" />
        ) : (
          <Empty title="Nothing is parked">
            Every event was handled by everything that it concerns. What cannot be is left out, and appears
            here with why.
          </Empty>
        )
      ) : (
        <div className={opened === undefined ? 'split' : 'split open'}>
          <div className="panel">
            <VirtualList
              rows={parked.rows}
              keyOf={({ id }) => id}
              rowHeight={56}
              label="Parked"
              selected={chosen}
              onSelect={({ id }) => setChosen(id)}
              onEnd={parked.more}
            >
              {(one) => <ParkedRow parked={one} />}
            </VirtualList>
          </div>
          {opened === undefined ? null : (
            <ParkedDetail
              parked={opened}
              onAct={(decision) => setAsked({ decision, parked: opened })}
              onClose={() => setChosen(null)}
            />
          )}
        </div>
      )}
      {asked === null ? null : <DecisionDialog {...asked} onClose={() => setAsked(null)} />}
    </>
  );
}

function ParkedRow({ parked }: { readonly parked: Parked }) {
  return (
    <div className="act-row">
      <span className="act-what">
        <strong>{words(parked.type)}</strong> <code>{parked.by}</code>
      </span>
      <Badge tone={parked.defect === true ? 'bad' : 'warn'}>{words(parked.at)}</Badge>
      <span className="act-reason">
        {parked.code}: {parked.reason}
      </span>
      <small>
        <Ago at={parked.parkedAt} />
      </small>
    </div>
  );
}

function ParkedDetail(props: {
  readonly parked: Parked;
  readonly onAct: (decision: Decision) => void;
  readonly onClose: () => void;
}) {
  const { onAct, onClose, parked } = props;
  return (
    <section className="panel detail" aria-label="What is parked">
      <header>
        <h2>{words(parked.type)}</h2>
        <Badge tone="warn">{words(parked.at)}</Badge>
        <button type="button" className="plain" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <p className="faint">{REMEDIES[parked.at]}</p>
      <pre className="fault">
        {parked.code}
        {'\n'}
        {parked.reason}
      </pre>
      <Facts>
        <Fact name="By">
          <code>{parked.by}</code>
        </Fact>
        <Fact name="Since">
          <Time at={parked.parkedAt} />
        </Fact>
        <Fact name="Stream">
          <code>{parked.stream}</code>
        </Fact>
        {parked.position === null ? null : <Fact name="Position">{count(parked.position)}</Fact>}
        <Fact name="Event">
          <code>{parked.eventId}</code>
        </Fact>
        {parked.defect === null ? null : (
          <Fact name="Whose fault">{parked.defect ? 'ours: our code broke' : 'the event’s'}</Fact>
        )}
      </Facts>
      {parked.stack === null ? null : (
        <>
          <h3>Stack</h3>
          <pre className="payload stack">{parked.stack}</pre>
        </>
      )}
      <Payload id={parked.eventId} />
      {isDecidedOn(parked.at) ? (
        <footer className="detail-acts">
          <button type="button" className="main" onClick={() => onAct('retry')}>
            Retry
          </button>
          <button type="button" className="grave" onClick={() => onAct('skip')}>
            Skip
          </button>
        </footer>
      ) : null}
    </section>
  );
}

/** What the event itself says, as it is stored. */
function Payload({ id }: { readonly id: string }) {
  const { data } = useAsked({ document: LogEventDocument, variables: { id }, version: '' });
  const event = data?.logEvent ?? null;
  if (event === null) return null;
  return (
    <>
      <h3>Payload</h3>
      <pre className="payload">{JSON.stringify(event.data, null, 2)}</pre>
      <button type="button" onClick={() => navigate(`/ops/log?event=${id}`)}>
        Its causes and effects
      </button>
    </>
  );
}

const TEXTS = {
  INGESTION: {
    retry: {
      name: 'Retry',
      about: 'Reads the log anew, and takes its fact in where it tells one now and none came in its place.',
      done: 'The log was read anew, and its fact is in',
    },
    skip: {
      name: 'Skip',
      about:
        'Leaves the log out for good. Every later rebuild leaves it out too: the skip is part of the log.',
      done: 'The log is left out',
    },
  },
  PROJECTION: {
    retry: {
      name: 'Retry',
      about:
        'Builds the read model anew beside the live one. It handles the event where its definition can, and parks it again where not.',
      done: 'The read model is being built anew',
    },
    skip: {
      name: 'Skip',
      about:
        'Leaves the event out for good. Every later rebuild leaves it out too: the skip is part of the log.',
      done: 'The event is left out',
    },
  },
  PROCESS: {
    retry: {
      name: 'Retry',
      about:
        'Lets the process go over the log again, from the first event on. What it did is not done twice; what it still cannot do it parks again. Until it is through, what is new waits.',
      done: 'The process goes over the log again',
    },
    skip: {
      name: 'Skip',
      about:
        'Leaves it out for good, also when the process goes over the log again: the skip is part of the log.',
      done: 'It is left out',
    },
  },
} as const;

const isDecidedOn = (at: ParkedAt): at is keyof typeof TEXTS => at in TEXTS;

function DecisionDialog(props: AskedDecision & { readonly onClose: () => void }) {
  const { decision, onClose, parked } = props;
  const client = useClient();
  const { about, done, name } = TEXTS[isDecidedOn(parked.at) ? parked.at : 'INGESTION'][decision];
  return (
    <ActDialog
      title={`${name} ${words(parked.type)}`}
      intent={`${decision} ${parked.id}`}
      about={about}
      button={name}
      isGrave={decision === 'skip'}
      onClose={onClose}
      act={async (reason, idempotencyKey) => {
        const input = { id: parked.id, reason, idempotencyKey };
        const { data, error } =
          decision === 'retry'
            ? await client.mutation(RetryParkedEventDocument, { input }).toPromise()
            : await client.mutation(SkipParkedEventDocument, { input }).toPromise();
        if (error !== undefined) return toldOfAct(error);
        const skipped = data !== undefined && 'skipParkedEvent' in data ? data.skipParkedEvent : null;
        tellDone(skipped?.awaitsApproval === true, done);
        return null;
      }}
    />
  );
}
