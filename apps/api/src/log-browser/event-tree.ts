import { REQUEST_STREAM_PREFIX } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { findEvent } from '@abland/log-tools';
import type { PublishedLog } from '../audit/published-log.js';

/** An event with the one that led to it, as far as that is in the log. */
export interface TreeNode {
  readonly event: RecordedEvent;
  readonly causeId: string | null;
}

export interface EventTree {
  /** In the order of the log: the first is what all of it began with. */
  readonly nodes: readonly TreeNode[];
  readonly searched: number;
  /** Whether all that followed was looked through. */
  readonly whole: boolean;
  readonly withheld: number;
}

const CAUSES_MAX = 50;
const NODES_MAX = 200;
const SEARCHED_MAX = 20_000;
const PAGE_SIZE = 500;

/**
 * What an event came of, and all that came of that. An event's cause is the one that its metadata names; a fact's is, where they name none, the
 * request whose id its transaction carries.
 */
export async function eventTree(
  published: Pick<PublishedLog, 'stored' | 'tellable'>,
  event: RecordedEvent,
): Promise<EventTree> {
  const root = await firstCause(published.stored, event);
  const found = new Map<string, TreeNode>([[root.id, { event: root, causeId: null }]]);
  const requests = new Map<string, string>(requestOf(root));
  let searched = 0;
  let whole = true;
  search: for await (const page of published.stored.log.readAll({
    after: root.position,
    pageSize: PAGE_SIZE,
  })) {
    for (const next of page) {
      searched += 1;
      const causeId = causeOf(next, found, requests);
      if (causeId !== null) {
        found.set(next.id, { event: next, causeId });
        for (const [command, id] of requestOf(next)) if (!requests.has(command)) requests.set(command, id);
      }
      whole = searched < SEARCHED_MAX && found.size < NODES_MAX;
      if (!whole) break search;
    }
  }
  const events = [...found.values()].map((node) => node.event);
  const told = new Set((await published.tellable(events)).map(({ id }) => id));
  const nodes = [...found.values()].filter((node) => told.has(node.event.id));
  return { nodes, searched, whole, withheld: events.length - nodes.length };
}

async function firstCause(stored: PublishedLog['stored'], event: RecordedEvent): Promise<RecordedEvent> {
  let first = event;
  const met = new Set([event.id]);
  for (let steps = 0; steps < CAUSES_MAX; steps += 1) {
    const cause = await causeInLog(stored, first);
    if (cause === null || met.has(cause.id) || cause.position >= first.position) return first;
    met.add(cause.id);
    first = cause;
  }
  return first;
}

async function causeInLog(
  { index, log }: PublishedLog['stored'],
  { metadata: { causationId, chain } }: RecordedEvent,
): Promise<RecordedEvent | null> {
  // Where the store keeps no index of ids the whole log would have to be searched.
  const known =
    causationId === null || index.placeOf === undefined
      ? null
      : await findEvent(log, index, { id: causationId });
  if (known !== null) return known;
  const commandId = chain?.commandId ?? null;
  if (commandId === null) return null;
  for await (const [first] of log.readStream(`${REQUEST_STREAM_PREFIX}${commandId}`, { maxCount: 1 }))
    return first ?? null;
  return null;
}

function causeOf(
  { metadata: { causationId, chain } }: RecordedEvent,
  found: ReadonlyMap<string, TreeNode>,
  requests: ReadonlyMap<string, string>,
): string | null {
  if (causationId !== null && found.has(causationId)) return causationId;
  return requests.get(causationId ?? '') ?? requests.get(chain?.commandId ?? '') ?? null;
}

/** By which command's id an event is known as what it began with. */
const requestOf = ({ id, stream }: RecordedEvent): readonly (readonly [string, string])[] =>
  stream.startsWith(REQUEST_STREAM_PREFIX) ? [[stream.slice(REQUEST_STREAM_PREFIX.length), id]] : [];
