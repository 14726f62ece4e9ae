import type { ChainReference, EventCodec, EventMetadata, NewEvent, RecordedEvent } from '@abland/kernel';

const CHAIN_ACTOR = 'chain';
const NOTHING_TOLD = { txHash: null, logIndex: null, commandId: null };

/** Metadata as the log holds it: of a chain fact without what follows from its place on the chain. */
export type StoredMetadata = Partial<Omit<EventMetadata, 'chain'>> & {
  readonly chain?: Omit<ChainReference, NullMember> & Partial<Pick<ChainReference, NullMember>>;
};
type NullMember = 'txHash' | 'logIndex' | 'commandId';

/**
 * A chain fact belongs to its block, nothing before it caused it, and the chain acted: where that is so it is not stored, nor
 * is what of its place is null. Whatever differs, and every other member, is.
 */
export function compactMetadata(metadata: EventMetadata): StoredMetadata {
  if (metadata.chain === undefined) return metadata;
  const { correlationId, causationId, actor, chain, ...others } = metadata;
  const { txHash, logIndex, commandId, ...place } = chain;
  return {
    ...(correlationId === chain.blockHash ? {} : { correlationId }),
    ...(causationId === null ? {} : { causationId }),
    ...(actor === CHAIN_ACTOR ? {} : { actor }),
    ...others,
    chain: {
      ...place,
      ...(txHash === null ? {} : { txHash }),
      ...(logIndex === null ? {} : { logIndex }),
      ...(commandId === null ? {} : { commandId }),
    },
  };
}

/** What was compacted. */
export function expandMetadata(stored: StoredMetadata): EventMetadata {
  const { chain } = stored;
  if (chain === undefined) return stored as EventMetadata;
  const [correlationId, causationId, actor] = [chain.blockHash, null, CHAIN_ACTOR];
  const place = expandPlace(chain);
  // Nearly always there is nothing else, and of a fact each millisecond of a long log counts.
  if (countOf(stored) === 1) return { correlationId, causationId, actor, chain: place };
  return { correlationId, causationId, actor, ...stored, chain: place };
}

/** How many members of a place are told of every fact: the chain, and the block's number, hash and time. */
const TOLD_OF_ALL = 4;

function expandPlace(chain: NonNullable<StoredMetadata['chain']>): ChainReference {
  const { blockHash, blockNumber, blockTime, chainId, commandId, logIndex, txHash } = chain;
  const ofAll = told(blockHash) + told(blockNumber) + told(blockTime) + told(chainId);
  const others = told(commandId) + told(logIndex) + told(txHash);
  if (ofAll < TOLD_OF_ALL || countOf(chain) > ofAll + others) return { ...NOTHING_TOLD, ...chain };
  return {
    txHash: txHash ?? null,
    logIndex: logIndex ?? null,
    commandId: commandId ?? null,
    chainId,
    blockNumber,
    blockHash,
    blockTime,
  };
}

const told = (member: unknown): number => (member === undefined ? 0 : 1);
const countOf = (members: object): number => Object.keys(members).length;

const isOfChain = ({ metadata }: NewEvent): boolean => metadata.chain !== undefined;

/** The short form of chain facts' metadata. It stands next to the log: other codecs see all of it. */
export const chainMetadataCodec: EventCodec = {
  encode(_stream: string, events: readonly NewEvent[]): readonly NewEvent[] {
    if (!events.some(isOfChain)) return events;
    return events.map((event) => ({ ...event, metadata: compactMetadata(event.metadata) as EventMetadata }));
  },
  decode(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
    if (!events.some(isOfChain)) return events;
    return events.map((event) => ({ ...event, metadata: expandMetadata(event.metadata) }));
  },
};
