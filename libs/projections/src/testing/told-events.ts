import { type AnyEvent, chainStream, type EventType, type LoggedFact } from '@abland/domain';
import { EVENT_VERSIONS } from '@abland/event-codec';
import type { ChainReference, NewEvent, RecordedEvent } from '@abland/kernel';

/** Mapped rather than extracted, so that a generic caller can pass it on. */
export type DataOf<Type extends EventType> = {
  [Name in EventType]: Extract<AnyEvent, { type: Name }>['data'];
}[Type];

/** An event of the log with metadata that says nothing. */
export function newEvent<Type extends EventType>(id: string, type: Type, data: DataOf<Type>): NewEvent {
  return {
    id,
    type,
    version: EVENT_VERSIONS[type],
    data: data as NewEvent['data'],
    metadata: { correlationId: 'correlation', causationId: null, actor: 'process:simulation' },
  };
}

/** An event that lies in no block. */
export const told = <Type extends EventType>(
  type: Type,
  data: DataOf<Type>,
  stream = 'told',
): RecordedEvent => ({
  ...newEvent('00000000-0000-4000-8000-000000000000', type, data),
  stream,
  revision: 0n,
  position: 0n,
  recordedAt: '2026-01-01T00:00:00.000Z',
});

export interface Place {
  readonly block: number;
  readonly log?: number;
  /** The how-manieth transaction of the block. */
  readonly tx?: number;
  /** Seconds; ten a block where it is not said. */
  readonly time?: number;
  readonly commandId?: string;
  /** The contract that emitted it. */
  readonly contract?: string;
}

/** A contract of ours. */
export const CONTRACT = `0x${'c'.repeat(40)}`;

const hash = (...parts: readonly number[]): string => `0x${parts.join('0').padStart(64, '0')}`;
export const blockHash = (block: number): string => hash(1, block);
export const txHash = (block: number, tx = 0): string => hash(2, block, tx);

const inBlock = (
  event: RecordedEvent,
  { block, time, commandId }: Place,
  found: Pick<ChainReference, 'txHash' | 'logIndex'>,
): RecordedEvent => ({
  ...event,
  metadata: {
    correlationId: blockHash(block),
    causationId: null,
    actor: 'chain',
    chain: {
      chainId: 1,
      blockNumber: block,
      blockHash: blockHash(block),
      blockTime: time ?? block * 10,
      commandId: commandId ?? null,
      ...found,
    },
  },
});

/** A fact of chain 1 that a log stands for. */
export function fact<Type extends LoggedFact['type']>(
  type: Type,
  data: Omit<DataOf<Type>, 'contract' | 'log'>,
  place: Place,
): RecordedEvent {
  const full = { contract: place.contract ?? CONTRACT, ...data } as DataOf<Type>;
  const found = { txHash: txHash(place.block, place.tx), logIndex: place.log ?? 0 };
  return inBlock(told(type, full, chainStream(1)), place, found);
}

/** A transaction of chain 1 that was mined and reverted. */
export const failed = (
  data: Omit<DataOf<'TransactionFailed'>, 'txHash'>,
  place: Omit<Place, 'log'>,
): RecordedEvent => {
  const own = { ...data, txHash: txHash(place.block, place.tx) };
  const found = { txHash: own.txHash, logIndex: null };
  return inBlock(told('TransactionFailed', own, chainStream(1)), place, found);
};

type Paid = DataOf<'TransactionPaid'>;
const NOT_TOLD = { value: null, input: null, inputBytes: null };

/** What a transaction of chain 1 cost; what it sent is not told where it is not said. */
export const paid = (
  data: Omit<Paid, 'txHash' | keyof typeof NOT_TOLD> & Partial<Paid>,
  place: Omit<Place, 'log'>,
): RecordedEvent => {
  const own = { ...NOT_TOLD, ...data, txHash: txHash(place.block, place.tx) };
  const found = { txHash: own.txHash, logIndex: null };
  return inBlock(told('TransactionPaid', own, chainStream(1)), place, found);
};

/** What a stranger's token of chain 1 says of itself. */
export const described = (data: DataOf<'TokenDescribed'>, place: Pick<Place, 'block'>): RecordedEvent =>
  inBlock(told('TokenDescribed', data, chainStream(1)), place, { txHash: null, logIndex: null });

/** A block of chain 1 that is in the log to its end. */
export const ingested = (block: number, data: Partial<DataOf<'BlockIngested'>> = {}): RecordedEvent => {
  const own = { number: block, hash: blockHash(block), parentHash: blockHash(block - 1), time: block * 10 };
  const full = { ...own, facts: 0, commandIds: [], proof: 'BLOOM', providers: 1, ...data } as const;
  return inBlock(told('BlockIngested', full, chainStream(1)), { block }, { txHash: null, logIndex: null });
};

export const finalized = (block: number): RecordedEvent =>
  told('BlocksFinalized', { number: block, hash: blockHash(block) }, chainStream(1));

/** A reorg of chain 1. */
export const reverted = (fromNumber: number, toNumber: number): RecordedEvent =>
  told(
    'BlocksReverted',
    {
      fromNumber,
      toNumber,
      hashes: Array.from({ length: toNumber - fromNumber + 1 }, (_, index) => blockHash(toNumber - index)),
      ancestor: { number: fromNumber - 1, hash: blockHash(fromNumber - 1) },
    },
    chainStream(1),
  );

/** The same on another chain, where the contracts and people have the same addresses. */
export function onChain(chainId: number, event: RecordedEvent): RecordedEvent {
  const { metadata } = event;
  const chain = metadata.chain === undefined ? {} : { chain: { ...metadata.chain, chainId } };
  return { ...event, stream: chainStream(chainId), metadata: { ...metadata, ...chain } };
}
