import {
  type Address,
  chainStream,
  type ChainFact,
  EVENT_VERSIONS,
  type EventType,
  type Execution,
  orderStream,
  poolStream,
  relayerStream,
  tokenStream,
  type Uuid,
} from '@abland/domain';
import type { NewEvent, RecordedEvent } from '@abland/kernel';
import { v5 as uuidv5 } from 'uuid';

const NAMESPACE = '11111111-2222-4333-8444-555555555555';

export const CHAIN_ID = 31337;
export const ALICE: Address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
export const BOB: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';
export const RELAYER: Address = '0x90F79bf6EB2c4f870365E785982E1f101E93b906';
export const TOKEN_A: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
export const TOKEN_B: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512';
export const ZERO_ADDRESS: Address = '0x0000000000000000000000000000000000000000';
export const POOL = `0x${'aa'.repeat(32)}`;
export const START = Date.parse('2026-01-01T00:00:00.000Z');
export const DEADLINE = START + 600_000;

export const id = (name: string): Uuid => uuidv5(name, NAMESPACE);
export const hash = (name: string): string => `0x${id(name).replaceAll('-', '').repeat(2)}`;
const iso = (at: number): string => new Date(at).toISOString();

/** An event on its way to a stream. */
export interface Told {
  readonly stream: string;
  readonly event: NewEvent;
}

const envelope = (execution: Execution) => ({
  execution,
  inputHash: '0x00',
  requestedAt: iso(START),
  deadline: iso(DEADLINE),
});

export function told(stream: string, type: EventType, data: object, name = `${stream}/${type}`): Told {
  const metadata = { correlationId: `correlation of ${stream}`, causationId: null, actor: 'test' };
  return {
    stream,
    event: { id: id(name), type, version: EVENT_VERSIONS[type], data: data as NewEvent['data'], metadata },
  };
}

export function swapRequested(name: string, options: { user?: Address; execution?: Execution } = {}): Told {
  const orderId = id(name);
  const terms = {
    kind: 'SWAP',
    tokenIn: TOKEN_A,
    tokenOut: TOKEN_B,
    amountIn: '1000',
    amountOutMin: '900',
    amountOutQuoted: '950',
  };
  const { user = ALICE, execution = 'WALLET' } = options;
  const data = { orderId, user, poolId: POOL, terms, ...envelope(execution) };
  return told(orderStream(orderId), 'OrderRequested', data);
}

export function orderSubmitted(name: string, txHash: string): Told {
  const orderId = id(name);
  return told(orderStream(orderId), 'OrderSubmitted', { orderId, txHash }, `${name} submitted as ${txHash}`);
}

export function signedByRelayer(name: string, txHash: string, nonce = 0): Told {
  const data = { relayer: RELAYER, nonce, commandId: id(name), txHash, rawTransaction: '0x02' };
  return told(relayerStream(RELAYER), 'RelayerTransactionSigned', data, `${name} signed`);
}

export function tokenRequested(name: string): Told {
  const tokenId = id(name);
  const data = {
    tokenId,
    creator: ALICE,
    name: 'Alpha',
    symbol: 'ALP',
    decimals: 0,
    supply: '1000',
    totalSupply: '1000',
    description: '',
    metadataURI: '',
    ...envelope('WALLET'),
  };
  return told(tokenStream(tokenId), 'TokenCreationRequested', data);
}

export function deactivationRequested(token: string, name: string): Told {
  const data = { tokenId: id(token), commandId: id(name), requestedBy: ALICE, ...envelope('WALLET') };
  return told(tokenStream(id(token)), 'TokenDeactivationRequested', data, name);
}

export function poolRequested(name: string): Told {
  const requestId = id(name);
  const amounts = { amountA: '5000', amountB: '6000' };
  const tokens = { tokenA: TOKEN_A, tokenB: TOKEN_B };
  const data = { requestId, poolId: POOL, creator: ALICE, ...tokens, ...amounts, ...envelope('WALLET') };
  return told(poolStream(requestId), 'PoolCreationRequested', data);
}

/** Where a fact stands; the block's hash follows from its name. */
export interface Place {
  readonly block: string;
  readonly number?: number;
  readonly tx?: string;
  /** The command that the transaction's tag names. */
  readonly names?: string;
  readonly logIndex?: number;
}

const LOG = { address: TOKEN_A, topics: [], data: '0x' };

function onChain(type: ChainFact['type'], data: object, place: Place): Told {
  const { block, number = 10, tx = null, names, logIndex = 0 } = place;
  const fact = told(chainStream(CHAIN_ID), type, data, `${type} ${block} ${tx} ${logIndex}`);
  const chain = {
    chainId: CHAIN_ID,
    blockNumber: number,
    blockHash: hash(block),
    blockTime: START / 1_000 + number,
    txHash: tx === null ? null : hash(tx),
    logIndex: tx === null ? null : logIndex,
    commandId: names === undefined ? null : id(names),
  };
  return { ...fact, event: { ...fact.event, metadata: { ...fact.event.metadata, actor: 'chain', chain } } };
}

export function swapped(
  place: Place,
  change: { user?: Address; amountIn?: string; amountOut?: string } = {},
): Told {
  const swap = { user: ALICE, amountIn: '1000', amountOut: '940', ...change };
  return onChain('Swap', { log: LOG, poolId: POOL, tokenIn: TOKEN_A, tokenOut: TOKEN_B, ...swap }, place);
}

export function liquidityAdded(
  place: Place,
  change: { user?: Address; amountA?: string; amountB?: string } = {},
): Told {
  const added = { user: ALICE, amountA: '5000', amountB: '6000', ...change };
  return onChain('LiquidityAdded', { log: LOG, poolId: POOL, liquidity: '4477', ...added }, place);
}

export const poolCreated = (place: Place): Told =>
  onChain('PoolCreated', { log: LOG, poolId: POOL, tokenA: TOKEN_A, tokenB: TOKEN_B }, place);

export const tokenCreated = (place: Place, creator: Address = ALICE): Told =>
  onChain(
    'TokenCreated',
    { log: LOG, tokenAddress: TOKEN_A, creator, name: 'Alpha', symbol: 'ALP', totalSupply: '1000' },
    place,
  );

export const tokenDeactivated = (place: Place): Told =>
  onChain('TokenDeactivated', { log: LOG, tokenAddress: TOKEN_A }, place);

export const failed = (place: Place, from: Address = ALICE): Told =>
  onChain('TransactionFailed', { txHash: hash(place.tx ?? ''), from, to: TOKEN_B, reason: 'no luck' }, place);

export const ingested = (block: string, number: number, time = START / 1_000 + number): Told =>
  onChain(
    'BlockIngested',
    { number, hash: hash(block), parentHash: hash('parent'), time, facts: 0, commandIds: [] },
    { block, number },
  );

export const reverted = (block: string, number: number): Told =>
  onChain(
    'BlocksReverted',
    {
      fromNumber: number,
      toNumber: number,
      hashes: [hash(block)],
      ancestor: { number: number - 1, hash: hash('parent') },
    },
    { block: `reorg of ${block}`, number },
  );

export const finalized = (number: number): Told =>
  onChain('BlocksFinalized', { number, hash: hash(`final ${number}`) }, { block: `final ${number}`, number });

/** As the log would give it. */
export function recorded({ stream, event }: Told, position: number): RecordedEvent {
  return { ...event, stream, revision: BigInt(position), position: BigInt(position), recordedAt: iso(START) };
}
