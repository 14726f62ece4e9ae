import { getAddress } from 'ethers';
import { v5 } from 'uuid';
import { MARKET_FACT_VERSIONS, type ChainFact, type Uuid } from '@abland/domain';
import type { ChainReference, NewEvent, Offset } from '@abland/kernel';
import type { BlockLog, BlockReference, ChainBlock, EarlierBlock } from '../blocks/chain-block.js';
import type { LogDecoder } from '../decode/decode-log.js';
import type { DecodedLog } from '../decode/decoded-log.js';
import { chainTopic, type ChainMessage, type RevertedMessage } from '../follow/messages.js';

/** Namespace of the ids of chain facts. Fixed for ever: another one would store every fact again. */
const FACT_NAMESPACE = '8f1f7a52-4d0e-5c1b-9b7e-2a3c5d6e7f80';

/** A log of ours that could not be read. */
export interface UndecodableLog {
  readonly block: BlockReference;
  readonly log: BlockLog;
  readonly reason: string;
}

export interface EventContext {
  readonly chainId: number;
  readonly decoder: LogDecoder;
  /** Lower-case addresses of the tokens that our factory created. Those of the block at hand are added to it. */
  readonly tokens: Set<string>;
  readonly reverts: ReadonlyMap<string, number>;
  readonly onUndecodable: (log: UndecodableLog) => void;
}

interface Place {
  readonly block: BlockReference;
  readonly txHash: string | null;
  readonly logIndex: number | null;
  readonly commandId: Uuid | null;
}

/** The events of one message in order; the last one completes it. */
export function eventsOf(message: ChainMessage, offset: Offset, context: EventContext): NewEvent[] {
  switch (message.kind) {
    case 'block':
      return blockEvents(message.block, offset, context);
    case 'reverted':
      return [revertedEvent(message, offset, context)];
    case 'finalized': {
      const { number, hash } = message.final;
      const fact: ChainFact = {
        type: 'BlocksFinalized',
        version: MARKET_FACT_VERSIONS.BlocksFinalized,
        data: { number, hash },
      };
      return [toEvent(fact, whole(message.final), [hash, 'finalized'], offset, context)];
    }
  }
}

const whole = (block: BlockReference): Place => ({ block, txHash: null, logIndex: null, commandId: null });

function blockEvents(block: ChainBlock, offset: Offset, context: EventContext): NewEvent[] {
  const decoded = decodeLogs(block.logs, context);
  const earlier = (block.earlier ?? []).flatMap((one) =>
    logEvents(one, decodeLogs(one.logs, context), context),
  );
  const events = logEvents(block, decoded, context);
  for (const { hash: txHash, from, to, reason } of block.failures) {
    const fact: ChainFact = {
      type: 'TransactionFailed',
      version: MARKET_FACT_VERSIONS.TransactionFailed,
      data: { txHash, from: getAddress(from), to: getAddress(to), reason },
    };
    const place: Place = { block, txHash, logIndex: null, commandId: block.commands[txHash] ?? null };
    events.push(toEvent(fact, place, [block.hash, txHash], null, context));
  }
  const { number, hash, parentHash, time, proof, providers } = block;
  const commandIds = [...new Set(Object.values(block.commands))];
  const closing: ChainFact = {
    type: 'BlockIngested',
    version: MARKET_FACT_VERSIONS.BlockIngested,
    data: { number, hash, parentHash, time, facts: events.length, commandIds, proof, providers },
  };
  events.push(toEvent(closing, whole(block), [hash, 'ingested'], offset, context));
  return [...earlier, ...events];
}

/**
 * Each log read once; the tokens that they tell of are ours from now on. A token's mint comes before the log that says the
 * token is ours, so those of the factory are read first.
 */
function decodeLogs(logs: readonly BlockLog[], { decoder, tokens }: EventContext): readonly DecodedLog[] {
  const isOurToken = (address: string): boolean => tokens.has(address);
  const ofFactory = logs.map((log) => (decoder.isOfFactory(log) ? decoder.decode(log, isOurToken) : null));
  for (const decoded of ofFactory) {
    if (decoded?.kind !== 'fact' || decoded.fact.type !== 'TokenCreated') continue;
    tokens.add(decoded.fact.data.tokenAddress.toLowerCase());
  }
  return logs.map((log, index) => ofFactory[index] ?? decoder.decode(log, isOurToken));
}

function logEvents(block: EarlierBlock, decoded: readonly DecodedLog[], context: EventContext): NewEvent[] {
  const events: NewEvent[] = [];
  for (const [index, log] of block.logs.entries()) {
    const read = decoded[index];
    if (read?.kind === 'undecodable') context.onUndecodable({ block, log, reason: read.reason });
    if (read?.kind !== 'fact') continue;
    const { txHash, logIndex } = log;
    const place: Place = { block, txHash, logIndex, commandId: block.commands[txHash] ?? null };
    events.push(toEvent(read.fact, place, [block.hash, String(logIndex)], null, context));
  }
  return events;
}

function revertedEvent(message: RevertedMessage, offset: Offset, context: EventContext): NewEvent {
  const { fromNumber, toNumber, hashes, ancestor } = message;
  const fact: ChainFact = {
    type: 'BlocksReverted',
    version: MARKET_FACT_VERSIONS.BlocksReverted,
    data: { fromNumber, toNumber, hashes, ancestor: { number: ancestor.number, hash: ancestor.hash } },
  };
  const [newest = ancestor.hash] = hashes;
  return toEvent(fact, whole(ancestor), [newest, 'reverted', ancestor.hash], offset, context);
}

/**
 * `identity` begins with the hash of the block that the fact is about. `offset` is that of the message which the fact
 * completes: after a restart the log stream is read from there on.
 */
function toEvent(
  fact: ChainFact,
  place: Place,
  identity: readonly [string, ...string[]],
  offset: Offset | null,
  { chainId, reverts }: EventContext,
): NewEvent {
  const { block, txHash, logIndex, commandId } = place;
  const returned = reverts.get(identity[0]) ?? 0;
  const name = [chainId, ...identity, ...(returned === 0 ? [] : [`returned ${returned}`])].join(':');
  const chain: ChainReference = {
    chainId,
    blockNumber: block.number,
    blockHash: block.hash,
    blockTime: block.time,
    txHash,
    logIndex,
    commandId,
  };
  return {
    id: v5(name, FACT_NAMESPACE),
    type: fact.type,
    version: fact.version,
    data: fact.data as NewEvent['data'],
    metadata: {
      correlationId: block.hash,
      causationId: offset === null ? null : `${chainTopic(chainId)}@${offset}`,
      actor: 'chain',
      chain,
    },
  };
}
