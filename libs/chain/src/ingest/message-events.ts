import { getAddress } from 'ethers';
import { v5 } from 'uuid';
import type { ChainFact, TokenCreated, Uuid } from '@abland/domain';
import type { ChainReference, NewEvent, Offset } from '@abland/kernel';
import type { BlockLog, BlockReference, ChainBlock, EarlierBlock } from '../blocks/chain-block.js';
import type { LogDecoder } from '../decode/decode-log.js';
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
  const cause = `${chainTopic(context.chainId)}@${offset}`;
  switch (message.kind) {
    case 'block':
      return blockEvents(message.block, cause, context);
    case 'reverted':
      return [revertedEvent(message, cause, context)];
    case 'finalized': {
      const { number, hash } = message.final;
      const fact: ChainFact = { type: 'BlocksFinalized', version: 1, data: { number, hash } };
      return [toEvent(fact, whole(message.final), [hash, 'finalized'], cause, context)];
    }
  }
}

const whole = (block: BlockReference): Place => ({ block, txHash: null, logIndex: null, commandId: null });

function blockEvents(block: ChainBlock, cause: string, context: EventContext): NewEvent[] {
  learnTokens(block, context);
  const earlier = (block.earlier ?? []).flatMap((one) => logEvents(one, cause, context));
  const events = logEvents(block, cause, context);
  for (const { hash: txHash, from, to, reason } of block.failures) {
    const fact: ChainFact = {
      type: 'TransactionFailed',
      version: 1,
      data: { txHash, from: getAddress(from), to: getAddress(to), reason },
    };
    const place: Place = { block, txHash, logIndex: null, commandId: block.commands[txHash] ?? null };
    events.push(toEvent(fact, place, [block.hash, txHash], cause, context));
  }
  const { number, hash, parentHash, time } = block;
  const commandIds = [...new Set(Object.values(block.commands))];
  const closing: ChainFact = {
    type: 'BlockIngested',
    version: 1,
    data: { number, hash, parentHash, time, facts: events.length, commandIds },
  };
  events.push(toEvent(closing, whole(block), [hash, 'ingested'], cause, context));
  return [...earlier, ...events];
}

function logEvents(block: EarlierBlock, cause: string, context: EventContext): NewEvent[] {
  const { decoder, tokens, onUndecodable } = context;
  const events: NewEvent[] = [];
  for (const log of block.logs) {
    const decoded = decoder.decode(log, (address) => tokens.has(address));
    if (decoded.kind === 'undecodable') onUndecodable({ block, log, reason: decoded.reason });
    if (decoded.kind !== 'fact') continue;
    const { txHash, logIndex } = log;
    const place: Place = { block, txHash, logIndex, commandId: block.commands[txHash] ?? null };
    events.push(toEvent(decoded.fact, place, [block.hash, String(logIndex)], cause, context));
  }
  return events;
}

/** A token's mint comes before the log that says the token is ours, so the block is looked through for those first. */
function learnTokens(block: ChainBlock, { decoder, tokens }: EventContext): void {
  for (const log of block.logs) {
    const decoded = decoder.decode(log, () => false);
    if (decoded.kind !== 'fact' || decoded.fact.type !== 'TokenCreated') continue;
    tokens.add((decoded.fact as TokenCreated).data.tokenAddress.toLowerCase());
  }
}

function revertedEvent(message: RevertedMessage, cause: string, context: EventContext): NewEvent {
  const { fromNumber, toNumber, hashes, ancestor } = message;
  const fact: ChainFact = {
    type: 'BlocksReverted',
    version: 1,
    data: { fromNumber, toNumber, hashes, ancestor: { number: ancestor.number, hash: ancestor.hash } },
  };
  const [newest = ancestor.hash] = hashes;
  return toEvent(fact, whole(ancestor), [newest, 'reverted', ancestor.hash], cause, context);
}

/** `identity` begins with the hash of the block that the fact is about. */
function toEvent(
  fact: ChainFact,
  place: Place,
  identity: readonly [string, ...string[]],
  cause: string,
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
      correlationId: v5(`${chainId}:${block.hash}`, FACT_NAMESPACE),
      causationId: cause,
      actor: 'chain',
      chain,
    },
  };
}
