import { ExplainDocument } from '../api/operations.gen.js';
import { usePaged } from '../api/paged.js';
import { shortId, words as asWords } from '../format/numbers.js';
import { useNumbers, useWords } from '../messages/language.js';
import { useNews } from '../news/pulse.js';
import { Link } from '../ui/Link.js';
import { Ago, Empty } from '../ui/parts.js';
import { Skeleton } from '../ui/Skeleton.js';
import { pageOf } from './connection-pages.js';
import { EventProof } from './EventProof.js';

const PAGE = 15;

/** Why a row is as it is: the events that made it, the newest first, each with the transaction that it is from and its proof. */
export function Explain({ rowKey, table }: { readonly table: string; readonly rowKey: readonly string[] }) {
  const { explain: words } = useWords();
  const numbers = useNumbers();
  const events = usePaged({
    document: ExplainDocument,
    variables: (after) => ({ table, key: [...rowKey], first: PAGE, after }),
    pageOf: ({ explain: { events: found } }) => pageOf(found),
    ...{ of: `${table} ${rowKey.join()}`, version: useNews() },
  });
  if (events.rows.length === 0) {
    if (events.isWaiting) return <Skeleton label={words.loading} />;
    return <Empty title={words.noneTitle}>{events.refused?.message ?? words.noneAbout}</Empty>;
  }
  return (
    <div className="padded">
      <p className="quiet">{words.about}</p>
      <ol className="events">
        {events.rows.map((event) => (
          <li key={`${event.eventId}-${event.position}`} data-back={event.takenBackAt !== null}>
            <strong>{asWords(event.type)}</strong>
            <span className="quiet">
              {event.blockNumber === null || event.blockNumber === undefined
                ? null
                : `${words.block} ${numbers.exact(String(event.blockNumber))} · `}
              {words.position} {numbers.exact(event.position)} · <Ago at={event.recordedAt} />
            </span>
            {event.takenBackAt ? (
              <span className="flag" data-tone="warn">
                {words.takenBack}
              </span>
            ) : null}
            <span className="event-links">
              {event.txHash ? (
                <Link to={`/tx/${event.txHash}`}>
                  <code>{shortId(event.txHash, 6, 4)}</code>
                </Link>
              ) : null}
              <EventProof eventId={event.eventId} type={event.type} />
            </span>
          </li>
        ))}
      </ol>
      {events.isWhole ? null : (
        <button type="button" className="more" onClick={events.more}>
          {words.more}
        </button>
      )}
    </div>
  );
}
