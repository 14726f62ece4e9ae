import { type FormEvent, useState } from 'react';
import { navigate, useLocation, withParameters } from '../../browser/router.js';
import { LogEventsDocument, type LogEventsQuery } from '../../api/operations.gen.js';
import { count, words } from '../../format/numbers.js';
import { Empty, Id, PageHead, Time, Waiting } from '../../ui/parts.js';
import { VirtualList } from '../../ui/VirtualList.js';
import { useLogHead } from '../news.js';
import { usePaged } from '../../api/paged.js';
import { EventDetail } from './EventDetail.js';
import { isWide, type Search, searchOf, variablesOf } from './search.js';

type LogEvent = LogEventsQuery['logEvents']['events'][number];

/** The log itself: by stream, by type, by what belongs together. */
export default function LogPage() {
  const url = useLocation();
  const search = searchOf(url.searchParams);
  const chosen = url.searchParams.get('event');
  // What is looked at stays where it is; only who looks at the end of the log sees it grow.
  const [isFollowed, setFollowed] = useState(true);
  const [frozen, setFrozen] = useState<string | null>(null);
  const head = useLogHead();
  const log = usePaged({
    document: LogEventsDocument,
    variables: (place) => variablesOf(search, place),
    pageOf: ({ logEvents: { events, next } }) => ({ rows: events, next }),
    of: JSON.stringify(search),
    version: isFollowed && search.after === '' ? head : (frozen ?? ''),
  });
  const go = (changes: Readonly<Record<string, string | null>>): void =>
    navigate(withParameters(url, changes));
  const follow = (next: boolean): void => {
    setFrozen(head);
    setFollowed(next);
  };
  return (
    <>
      <PageHead
        title="Log"
        about="Everything that ever happened, as it is stored. What is sealed stays so; orders that wait are told to nobody."
      >
        <label className="check">
          <input type="checkbox" checked={isFollowed} onChange={(event) => follow(event.target.checked)} />
          Follow
        </label>
      </PageHead>
      <SearchBar key={url.search} search={search} onSearch={(next) => go({ ...next, event: null })} />
      {log.refused === null ? null : <p className="refused">{log.refused.message}</p>}
      <div className={chosen === null ? 'split' : 'split open'}>
        <div className="panel">
          {log.rows.length > 0 ? (
            <VirtualList
              rows={log.rows}
              keyOf={({ id }) => id}
              rowHeight={48}
              label="Events"
              selected={chosen}
              onSelect={({ id }) => navigate(withParameters(url, { event: id }), 'replace')}
              onEnd={() => {
                if (isFollowed) follow(false);
                log.more();
              }}
            >
              {(event) => <EventRow event={event} />}
            </VirtualList>
          ) : log.isWaiting ? (
            <Waiting what="Reading the log" />
          ) : (
            <Empty title={isWide(search) ? 'The log is empty' : 'Nothing was found so far'}>
              {log.isWhole
                ? 'All of the log was looked through.'
                : 'As much as is looked through at once was.'}
            </Empty>
          )}
          {log.isWhole || log.rows.length >= 10 ? null : (
            <button type="button" className="more" onClick={log.more}>
              Look further
            </button>
          )}
        </div>
        {chosen === null ? null : (
          <EventDetail
            id={chosen}
            onEvent={(id) => go({ event: id })}
            onSearch={(changes) =>
              go({ stream: null, types: null, correlation: null, after: null, ...changes })
            }
            onClose={() => go({ event: null })}
          />
        )}
      </div>
    </>
  );
}

function SearchBar(props: {
  readonly search: Search;
  readonly onSearch: (next: Readonly<Record<string, string | null>>) => void;
}) {
  const { onSearch, search } = props;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const of = (name: string): string => String(given.get(name) ?? '').trim();
    onSearch({
      stream: of('stream'),
      types: of('types'),
      correlation: of('correlation'),
      after: search.after,
    });
  };
  return (
    <form className="search-bar" role="search" onSubmit={submit}>
      <input
        name="stream"
        data-search
        aria-label="Stream"
        placeholder="Stream, or its beginning* (/)"
        defaultValue={search.stream}
      />
      <input name="types" aria-label="Types" placeholder="Types: Swap, Sync" defaultValue={search.types} />
      <input
        name="correlation"
        aria-label="Belongs to"
        placeholder="Belongs to (correlation id)"
        defaultValue={search.correlationId}
      />
      <button type="submit" className="main">
        Look
      </button>
      {isWide(search) ? null : (
        <button
          type="button"
          onClick={() => onSearch({ stream: null, types: null, correlation: null, after: null })}
        >
          All
        </button>
      )}
      {search.after === '' ? null : <small>after event {count(search.after)}, oldest first</small>}
    </form>
  );
}

function EventRow({ event }: { readonly event: LogEvent }) {
  return (
    <div className="event-row">
      <span className="number">{count(event.position)}</span>
      <strong>{words(event.type)}</strong>
      <code>
        {event.stream.length > 46 ? <Id value={event.stream} head={24} tail={8} /> : event.stream}@
        {event.revision}
      </code>
      <span className="event-actor">
        {event.actor.startsWith('0x') ? <Id value={event.actor} head={6} /> : event.actor}
      </span>
      <Time at={event.recordedAt} />
    </div>
  );
}
