import { LogEventsDocument, type LogEventsQuery } from '../../api/operations.gen.js';
import { count } from '../../format/numbers.js';
import { Empty, Id, Time } from '../../ui/parts.js';
import { useAsked } from '../../api/asked.js';
import { useCalm, useLogHead } from '../news.js';

type LogEvent = LogEventsQuery['logEvents']['events'][number];

const SHOWN = 20;

/** What was taken back of a chain, as the log has it. */
export function Reorgs({ chainId }: { readonly chainId: number }) {
  const { data, refused } = useAsked({
    document: LogEventsDocument,
    variables: { stream: `chain-${chainId}`, types: ['BlocksReverted'], first: SHOWN },
    version: useCalm(useLogHead()),
  });
  const found = data?.logEvents;
  if (found === undefined) return refused === null ? null : <p className="refused">{refused.message}</p>;
  return (
    <>
      <h3>Reorgs</h3>
      {found.events.length === 0 ? (
        <Empty title="Nothing was taken back">
          {found.next === null
            ? 'No block of this chain was ever replaced by another.'
            : `Not in the ${count(found.searched)} newest events of the chain.`}
        </Empty>
      ) : (
        <ol className="acts">
          {found.events.map((event) => (
            <Reorg key={event.id} event={event} />
          ))}
        </ol>
      )}
    </>
  );
}

function Reorg({ event }: { readonly event: LogEvent }) {
  const { fromNumber, toNumber, depth } = depthOf(event.data);
  return (
    <li>
      <span>
        <strong>
          {depth === null
            ? 'Blocks were taken back'
            : `${count(depth)} ${depth === 1 ? 'block' : 'blocks'} taken back`}
        </strong>
        {fromNumber === null
          ? null
          : `, from ${count(fromNumber)}${toNumber === null ? '' : ` to ${count(toNumber)}`}`}
      </span>
      <small>
        <Time at={event.recordedAt} /> · event {count(event.position)} · <Id value={event.id} />
      </small>
    </li>
  );
}

interface Depth {
  readonly fromNumber: number | null;
  readonly toNumber: number | null;
  readonly depth: number | null;
}

function depthOf(data: unknown): Depth {
  const { fromNumber, toNumber } = (data ?? {}) as Partial<Record<'fromNumber' | 'toNumber', unknown>>;
  const [from, to] = [fromNumber, toNumber].map((one) => (typeof one === 'number' ? one : null));
  const isKnown = typeof from === 'number' && typeof to === 'number';
  return { fromNumber: from ?? null, toNumber: to ?? null, depth: isKnown ? Math.abs(to - from) + 1 : null };
}
