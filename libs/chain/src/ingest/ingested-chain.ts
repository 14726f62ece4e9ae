import type { BlockIngested, BlocksFinalized, BlocksReverted } from '@abland/domain';
import type { Offset, RecordedEvent, Revision } from '@abland/kernel';
import type { BlockReference } from '../blocks/chain-block.js';
import {
  advanceWindow,
  EMPTY_WINDOW,
  tipOf,
  type ChainWindow,
  type WindowStep,
} from '../follow/chain-window.js';
import type { LinkedBlocks } from '../follow/linked-blocks.js';
import type { RevertedMessage, WholeMessage } from '../follow/messages.js';
import { MessageOutOfOrderError } from './errors.js';

/** What the log holds of a chain, as far as it decides what comes next. Everything in it follows from the chain's stream. */
export interface IngestedChain {
  readonly window: ChainWindow;
  /** Blocks above the newest final one that were taken back, by hash: one that returns gets other event ids. */
  readonly reverts: ReadonlyMap<string, Reverts>;
  /** The last message that was ingested whole; null before the first. */
  readonly offset: Offset | null;
  /** Revision of the stream's last event; null where there is none. */
  readonly revision: Revision | null;
  /** Ids of the facts after the last whole block: of a block that was cut over several appends. */
  readonly partial: readonly string[];
}

/** How often a block was taken back since it was ingested first. */
export interface Reverts {
  readonly number: number;
  readonly times: number;
}

export const NOTHING_INGESTED: IngestedChain = {
  window: EMPTY_WINDOW,
  reverts: new Map(),
  offset: null,
  revision: null,
  partial: [],
};

/** What of a message its events tell again. */
type Marker =
  | Exclude<WindowStep, { kind: 'reverted' | 'part' }>
  | (Extract<WindowStep, { kind: 'reverted' }> & Pick<BlocksReverted['data'], 'hashes' | 'toNumber'>);

function advance(
  { window, reverts }: IngestedChain,
  marker: Marker,
): Pick<IngestedChain, 'window' | 'reverts'> {
  const advanced = advanceWindow(window, marker);
  if (marker.kind !== 'reverted') return { window: advanced, reverts };
  const counted = new Map(reverts);
  for (const [index, hash] of marker.hashes.entries()) {
    const times = (counted.get(hash)?.times ?? 0) + 1;
    counted.set(hash, { number: marker.toNumber - index, times });
  }
  return { window: advanced, reverts: counted };
}

/**
 * The chain without reverts of what lies no higher than the newest final block: none of it returns, unless an operator has final
 * blocks taken back, and then the stream is read anew.
 */
export function withoutFinalReverts(chain: IngestedChain): IngestedChain {
  const final = chain.window.finalized?.number ?? -1;
  return { ...chain, reverts: new Map([...chain.reverts].filter(([, { number }]) => number > final)) };
}

/** The chain after a message whose events end at `revision`. */
export const afterMessage = (
  chain: IngestedChain,
  message: WholeMessage,
  offset: Offset,
  revision: Revision | null,
): IngestedChain => {
  const advanced = { ...advance(chain, message), offset, revision, partial: [] };
  return message.kind === 'finalized' ? withoutFinalReverts(advanced) : advanced;
};

function markerOf(event: RecordedEvent): Marker | null {
  switch (event.type) {
    case 'BlockIngested': {
      const { number, hash, time } = event.data as BlockIngested['data'];
      return { kind: 'block', block: { number, hash, time } };
    }
    case 'BlocksReverted': {
      const { ancestor, hashes, toNumber } = event.data as BlocksReverted['data'];
      const time = event.metadata.chain?.blockTime ?? 0;
      return { kind: 'reverted', ancestor: { ...ancestor, time }, hashes, toNumber };
    }
    case 'BlocksFinalized': {
      const { number, hash } = event.data as BlocksFinalized['data'];
      return { kind: 'finalized', final: { number, hash, time: event.metadata.chain?.blockTime ?? 0 } };
    }
    default:
      return null;
  }
}

/** Whether an event tells where the chain is, rather than what happened in a block. */
export const isMarker = ({ type }: RecordedEvent): boolean => MARKER_TYPES.has(type);

const MARKER_TYPES: ReadonlySet<string> = new Set([
  'BlockIngested',
  'BlocksReverted',
  'BlocksFinalized',
  // A decision stands between blocks, with the fact that follows from it right before.
  'ParkedLogResolved',
]);

/** The chain after one more recorded event of its stream. */
export function afterEvent(chain: IngestedChain, event: RecordedEvent): IngestedChain {
  const marker = markerOf(event);
  if (marker === null) {
    const partial = isMarker(event) ? [] : [...chain.partial, event.id];
    return { ...chain, revision: event.revision, partial };
  }
  const offset = /@(\d+)$/.exec(event.metadata.causationId ?? '')?.[1];
  return {
    ...advance(chain, marker),
    offset: offset === undefined ? chain.offset : BigInt(offset),
    revision: event.revision,
    partial: [],
  };
}

/** The block that a message is about. */
export function blockOf(message: WholeMessage): BlockReference {
  switch (message.kind) {
    case 'block':
      return message.block;
    case 'reverted':
      return message.ancestor;
    case 'finalized':
      return message.final;
  }
}

/** @throws MessageOutOfOrderError where the first message of an empty log does not tell the chain from its first block on */
function requireFirst(message: WholeMessage, startBlock: number): true {
  const { number, hash } = blockOf(message);
  if (message.kind === 'block' && number === startBlock) return true;
  throw new MessageOutOfOrderError(
    `The log has nothing of the chain, and the log stream begins with block ${number}, not with ${startBlock}: what lies between would be lost`,
    { kind: message.kind, number, hash, startBlock },
  );
}

const outOfOrder = (chain: IngestedChain, message: WholeMessage): MessageOutOfOrderError => {
  const tip = tipOf(chain.window);
  const found = blockOf(message);
  return new MessageOutOfOrderError(
    `A message (${message.kind}, block ${found.number}) does not continue block ${tip?.number ?? 'none'}`,
    {
      kind: message.kind,
      number: found.number,
      hash: found.hash,
      tip: tip?.number ?? null,
      tipHash: tip?.hash ?? null,
    },
  );
};

/**
 * Whether a message is new; false for one that was ingested before, however often it comes.
 * @param startBlock the first block that the chain is followed from
 * @throws MessageOutOfOrderError
 */
export function isNew(chain: IngestedChain, message: WholeMessage, startBlock: number): boolean {
  const { blocks, finalized } = chain.window;
  const tip = tipOf(chain.window);
  if (tip === null) return requireFirst(message, startBlock);
  const has = (hash: string): boolean => blocks.has(hash);
  switch (message.kind) {
    case 'block': {
      const { number, hash, parentHash } = message.block;
      if (parentHash === tip.hash && number === tip.number + 1) return true;
      if (has(hash) || (finalized !== null && number < finalized.number)) return false;
      throw outOfOrder(chain, message);
    }
    case 'reverted': {
      if (takesBackNewest(blocks, message)) return true;
      if (has(message.ancestor.hash) && !message.hashes.some(has)) return false;
      throw outOfOrder(chain, message);
    }
    case 'finalized': {
      const { number, hash } = message.final;
      if (finalized !== null && number <= finalized.number) return false;
      if (has(hash)) return true;
      throw outOfOrder(chain, message);
    }
  }
}

/** Whether these are the newest blocks, newest first, down to the one after the ancestor. */
function takesBackNewest(blocks: LinkedBlocks, { ancestor, hashes }: RevertedMessage): boolean {
  let index = 0;
  for (const { hash } of hashes.length === 0 ? [] : blocks.newestFirst()) {
    if (index === hashes.length) return hash === ancestor.hash;
    if (hash !== hashes[index]) return false;
    index += 1;
  }
  return false;
}
