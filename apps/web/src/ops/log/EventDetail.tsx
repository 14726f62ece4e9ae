import { useRef } from 'react';
import { LogEventDocument, LogEventTreeDocument } from '../../api/operations.gen.js';
import { count, words } from '../../format/numbers.js';
import { Icon } from '../../ui/icons.js';
import { Badge, Empty, Fact, Facts, Id, Time, Waiting } from '../../ui/parts.js';
import { useAsked } from '../../api/asked.js';
import { useCalm, useLogHead } from '../news.js';
import { type Branch, branchesOf, type TreeEvent } from './tree.js';

export interface EventLinks {
  readonly onEvent: (id: string) => void;
  readonly onSearch: (changes: Readonly<Record<string, string | null>>) => void;
}

/** One event: what it says, who did it, what it came of and what came of it. */
export function EventDetail(props: EventLinks & { readonly id: string; readonly onClose: () => void }) {
  const { id, onClose, onEvent, onSearch } = props;
  const head = useCalm(useLogHead());
  const { data, refused } = useAsked({ document: LogEventDocument, variables: { id }, version: head });
  const event = data?.logEvent ?? null;
  return (
    <section className="panel detail" aria-label="Event">
      <header>
        <h2>{event === null ? 'Event' : words(event.type)}</h2>
        {event === null ? null : <Badge tone="idle">{`version ${event.version}`}</Badge>}
        <button type="button" className="plain" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {refused === null ? null : <p className="refused">{refused.message}</p>}
      {event !== null ? (
        <>
          <EventFacts event={event} onSearch={onSearch} />
          <h3>Data</h3>
          <pre className="payload">{JSON.stringify(event.data, null, 2)}</pre>
          <h3>Causes and effects</h3>
          <TreeOf id={id} onEvent={onEvent} />
        </>
      ) : data === undefined ? (
        <Waiting what="Asking for the event" />
      ) : (
        <Empty title="It is not told">There is no such event, or it is of an order that waits.</Empty>
      )}
    </section>
  );
}

function EventFacts({
  event,
  onSearch,
}: {
  readonly event: TreeEvent;
  readonly onSearch: EventLinks['onSearch'];
}) {
  const { chain } = event;
  return (
    <Facts>
      <Fact name="Position">{count(event.position)}</Fact>
      <Fact name="Recorded">
        <Time at={event.recordedAt} />
      </Fact>
      <Fact name="Stream">
        <button type="button" className="link-button" onClick={() => onSearch({ stream: event.stream })}>
          {event.stream}
        </button>
        @{event.revision}
      </Fact>
      <Fact name="By">
        <code>{event.actor}</code>
      </Fact>
      <Fact name="Belongs to">
        <button
          type="button"
          className="link-button"
          onClick={() => onSearch({ correlation: event.correlationId })}
        >
          <Id value={event.correlationId} />
        </button>
      </Fact>
      <Fact name="Event">
        <Id value={event.id} />
      </Fact>
      {chain === null ? null : (
        <>
          <Fact name="Block">
            {count(chain.blockNumber)} of chain {chain.chainId}, <Time at={chain.blockTime} />
          </Fact>
          {chain.txHash === null ? null : (
            <Fact name="Transaction">
              <Id value={chain.txHash} />
            </Fact>
          )}
        </>
      )}
    </Facts>
  );
}

function TreeOf({ id, onEvent }: { readonly id: string; readonly onEvent: (id: string) => void }) {
  const head = useCalm(useLogHead());
  const [lookedUpTo, isCut] = [useRef(head), useRef(false)];
  // Effects come later; but not into a tree that ends before the log does.
  if (!isCut.current) lookedUpTo.current = head;
  const version = lookedUpTo.current;
  const { data, refused } = useAsked({ document: LogEventTreeDocument, variables: { id }, version });
  const tree = data?.logEventTree ?? null;
  isCut.current = tree?.whole === false;
  if (tree === null)
    return refused === null ? (
      <p className="faint">Looking for what it came of…</p>
    ) : (
      <p className="refused">{refused.message}</p>
    );
  return (
    <>
      <Branches branches={branchesOf(tree.nodes)} here={id} onEvent={onEvent} />
      <p className="faint">
        {tree.whole ? null : `Of the ${count(tree.searched)} events after the first cause; there are more. `}
        {tree.withheld === 0 ? null : `${tree.withheld} of orders that wait are not told.`}
      </p>
    </>
  );
}

function Branches(props: {
  readonly branches: readonly Branch[];
  readonly here: string;
  readonly onEvent: (id: string) => void;
}) {
  const { branches, here, onEvent } = props;
  return (
    <ul className="tree">
      {branches.map(({ effects, event }) => (
        <li key={event.id}>
          <button
            type="button"
            className="tree-event"
            aria-current={event.id === here ? 'true' : undefined}
            onClick={() => onEvent(event.id)}
          >
            <strong>{words(event.type)}</strong>
            <span>{event.stream.replace(/-.*/, '')}</span>
            <small>
              {count(event.position)} · <Time at={event.recordedAt} />
            </small>
          </button>
          {effects.length === 0 ? null : <Branches branches={effects} here={here} onEvent={onEvent} />}
        </li>
      ))}
    </ul>
  );
}
