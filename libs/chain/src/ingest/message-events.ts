import { createHash } from 'node:crypto';
import {
  type Address,
  MARKET_FACT_VERSIONS,
  type ChainFact,
  type HexData,
  type LogParked,
  type MessageParked,
  PARKING_FACT_VERSIONS,
  type Uuid,
} from '@abland/domain';
import type { ChainReference, Json, NewEvent, Offset, Slices } from '@abland/kernel';
import type { BlockLog, BlockReference, ChainBlock, EarlierBlock } from '../blocks/chain-block.js';
import type { LogDecoder } from '../decode/decode-log.js';
import type { DecodedLog } from '../decode/decoded-log.js';
import { checksummed } from '../decode/reading/checksums.js';
import { blockEndOf, factId, type FactIdentity, factName } from './fact-id.js';
import { blockOf, type IngestedChain } from './ingested-chain.js';
import { chainTopic, type RevertedMessage, type WholeMessage } from '../follow/messages.js';

/** A log of ours that became no fact, and where it lies. */
export interface ParkedLog {
  readonly block: BlockReference;
  readonly log: BlockLog;
  readonly fact: LogParked;
}

export interface EventContext {
  readonly chainId: number;
  readonly decoder: LogDecoder;
  /** By lower-case address the tokens that our factory created. Those of the block at hand are added to it. */
  readonly tokens: { has(address: string): boolean; add(address: string): void };
  readonly reverts: IngestedChain['reverts'];
  readonly onParked: (log: ParkedLog) => void;
  /** A block may have tens of thousands of logs. */
  readonly slices: Slices;
}

/** A message that could not be read, and where it stood. */
export interface UnreadMessage {
  readonly offset: Offset;
  readonly value: Json;
  readonly code: MessageParked['data']['code'];
  readonly reason: string;
}

interface Place {
  readonly block: BlockReference;
  readonly txHash: string | null;
  readonly logIndex: number | null;
  readonly commandId: Uuid | null;
}

const NOT_TOLD = { value: null, input: null, inputBytes: null };
const MESSAGE_LENGTH_MAX = 10_000;

/** What is told of messages that could not be read, right before the one that goes on where the chain was. */
export function parkedMessageEvents(
  unread: readonly UnreadMessage[],
  next: WholeMessage,
  context: EventContext,
): NewEvent[] {
  const block = blockOf(next);
  const identity = next.kind === 'reverted' ? (next.hashes[0] ?? block.hash) : block.hash;
  return unread.map(({ offset, value, code, reason }, index) => {
    const json = JSON.stringify(value);
    const message = json.slice(0, MESSAGE_LENGTH_MAX).toWellFormed();
    const digest = `0x${createHash('sha256').update(json).digest('hex')}`;
    const told = {
      topic: chainTopic(context.chainId),
      offset: String(offset),
      code,
      reason,
      message,
      digest,
    };
    const version = PARKING_FACT_VERSIONS.MessageParked;
    const fact: ChainFact = { type: 'MessageParked', version, data: told };
    return toEvent(fact, whole(block), [identity, next.kind, 'unread', String(index)], null, context);
  });
}

/** The events of one message in order; the last one completes it. */
export async function eventsOf(
  message: WholeMessage,
  offset: Offset,
  context: EventContext,
): Promise<NewEvent[]> {
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

/** Of lower-case digits with `0x` before them. */
const addressOf = (address: HexData): Address => checksummed(address.slice(2));

const whole = (block: BlockReference): Place => ({ block, txHash: null, logIndex: null, commandId: null });

async function blockEvents(block: ChainBlock, offset: Offset, context: EventContext): Promise<NewEvent[]> {
  // Earlier ones may create tokens of which the block tells.
  const earlier: (readonly NewEvent[])[] = [];
  for (const one of block.earlier ?? [])
    earlier.push(await logEvents(one, await decodeLogs(one.logs, context), context));
  const events = await logEvents(block, await decodeLogs(block.logs, context), context);
  for (const { hash: txHash, from, to, reason } of block.failures) {
    const fact: ChainFact = {
      type: 'TransactionFailed',
      version: MARKET_FACT_VERSIONS.TransactionFailed,
      data: { txHash, from: addressOf(from), to: addressOf(to), reason },
    };
    const place: Place = { block, txHash, logIndex: null, commandId: block.commands[txHash] ?? null };
    events.push(toEvent(fact, place, [block.hash, txHash], null, context));
  }
  for (const { hash: txHash, dataFee, from, gasPrice, gasUsed, total } of block.costs ?? []) {
    const { input, inputBytes, value } = block.sent?.[txHash] ?? NOT_TOLD;
    const paid = { txHash, payer: addressOf(from), gasUsed, gasPrice, dataFee, total };
    const data = { ...paid, value, input, inputBytes };
    const fact: ChainFact = { type: 'TransactionPaid', version: MARKET_FACT_VERSIONS.TransactionPaid, data };
    const place: Place = { block, txHash, logIndex: null, commandId: block.commands[txHash] ?? null };
    events.push(toEvent(fact, place, [block.hash, 'paid', txHash], null, context));
  }
  for (const told of block.described ?? []) {
    if (context.tokens.has(told.token)) continue; // the facts of our factory tell it
    const data = { ...told, token: addressOf(told.token.toLowerCase()) };
    const fact: ChainFact = { type: 'TokenDescribed', version: MARKET_FACT_VERSIONS.TokenDescribed, data };
    events.push(toEvent(fact, whole(block), [block.hash, 'described', told.token], null, context));
  }
  const { number, hash, parentHash, time, proof, providers } = block;
  const commandIds = [...new Set(Object.values(block.commands))];
  const closing: ChainFact = {
    type: 'BlockIngested',
    version: MARKET_FACT_VERSIONS.BlockIngested,
    data: { number, hash, parentHash, time, facts: events.length, commandIds, proof, providers },
  };
  events.push(toEvent(closing, whole(block), blockEndOf(hash), offset, context));
  return [...earlier.flat(), ...events];
}

/**
 * Each log read once; the tokens that they tell of are ours from now on. A token's mint comes before the log that says the
 * token is ours, so those of the factory are read first.
 */
async function decodeLogs(
  logs: readonly BlockLog[],
  { decoder, slices, tokens }: EventContext,
): Promise<readonly DecodedLog[]> {
  const isOurToken = (address: string): boolean => tokens.has(address);
  const decoded = new Array<DecodedLog | undefined>(logs.length);
  for (const [index, log] of logs.entries()) {
    if (slices.over) await slices.next();
    if (!decoder.isOfFactory(log)) continue;
    const read = decoder.decode(log, isOurToken);
    decoded[index] = read;
    if (read.kind !== 'fact' || read.fact.type !== 'TokenCreated') continue;
    tokens.add(read.fact.data.tokenAddress.toLowerCase());
  }
  const all: DecodedLog[] = [];
  for (const [index, log] of logs.entries()) {
    if (slices.over) await slices.next();
    all.push(decoded[index] ?? decoder.decode(log, isOurToken));
  }
  return all;
}

async function logEvents(
  block: EarlierBlock,
  decoded: readonly DecodedLog[],
  context: EventContext,
): Promise<NewEvent[]> {
  const events: NewEvent[] = [];
  for (const [index, log] of block.logs.entries()) {
    if (context.slices.over) await context.slices.next();
    const read = decoded[index];
    if (read === undefined || read.kind === 'ignored') continue;
    if (read.kind === 'parked') context.onParked({ block, log, fact: read.fact });
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
 * `offset` is that of the message which the fact completes: after a restart the log stream is read from there on.
 */
function toEvent(
  fact: ChainFact,
  place: Place,
  identity: FactIdentity,
  offset: Offset | null,
  { chainId, reverts }: EventContext,
): NewEvent {
  const { block, txHash, logIndex, commandId } = place;
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
    id: factId(factName(chainId, identity, reverts.get(identity[0])?.times ?? 0)),
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
