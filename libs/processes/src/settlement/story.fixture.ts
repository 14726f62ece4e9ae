import {
  type Address,
  type ChainFact,
  chainStream,
  type EventType,
  type Execution,
  type Hash,
  relayerStream,
  REQUEST_KINDS,
  type RequestEvent,
  type RequestKindName,
  requestStream,
  type Uuid,
} from '@abland/domain';
import { EVENT_VERSIONS } from '@abland/event-codec';
import type { EventStore, NewEvent } from '@abland/kernel';
import { v5 as uuidv5 } from 'uuid';

const NAMESPACE = '11111111-2222-4333-8444-555555555555';

export const CHAIN_ID = 31337;
/** Another chain, with the same contracts at the same addresses. */
export const OTHER_CHAIN_ID = 4242;
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
export const hash = (name: string): Hash => `0x${id(name).replaceAll('-', '').repeat(2)}`;
const iso = (at: number): string => new Date(at).toISOString();

/** An event on its way to a stream. */
export interface Told {
  readonly stream: string;
  readonly event: NewEvent;
}

function told(stream: string, type: EventType, data: object, name: string): Told {
  const metadata = { correlationId: `correlation of ${stream}`, causationId: null, actor: 'test' };
  return {
    stream,
    event: { id: id(name), type, version: EVENT_VERSIONS[type], data: data as NewEvent['data'], metadata },
  };
}

export interface Asking {
  readonly chainId?: number;
  readonly user?: Address;
  readonly execution?: Execution;
}

function requested(kind: RequestKindName, name: string, terms: object, asking: Asking): Told {
  const { chainId = CHAIN_ID, user = ALICE, execution = 'WALLET' } = asking;
  const header = { commandId: id(name), chainId, requester: user, execution, inputHash: '0x00' };
  const data = { ...header, requestedAt: iso(START), deadline: iso(DEADLINE), terms };
  return told(requestStream(id(name)), REQUEST_KINDS[kind].requested.type, data, `${name} requested`);
}

const SWAP = { poolId: POOL, tokenIn: TOKEN_A, tokenOut: TOKEN_B };

export const swapRequested = (name: string, asking: Asking = {}): Told =>
  requested('SWAP', name, { ...SWAP, amountIn: '1000', amountOutMin: '900', amountOutQuoted: '950' }, asking);

export const additionRequested = (name: string, asking: Asking = {}): Told => {
  const desired = { amountADesired: '5000', amountBDesired: '6000' };
  return requested(
    'ADD_LIQUIDITY',
    name,
    { poolId: POOL, ...desired, amountAMin: '4900', amountBMin: '5900' },
    asking,
  );
};

export const poolRequested = (name: string, asking: Asking = {}): Told =>
  requested(
    'CREATE_POOL',
    name,
    { poolId: POOL, tokenA: TOKEN_A, tokenB: TOKEN_B, amountA: '5000', amountB: '6000' },
    asking,
  );

export function tokenRequested(name: string, asking: Asking = {}): Told {
  const token = { name: 'Alpha', symbol: 'ALP', decimals: 0, supply: '1000', totalSupply: '1000' };
  return requested('CREATE_TOKEN', name, { ...token, description: '', metadataURI: '' }, asking);
}

export const deactivationRequested = (name: string, asking: Asking = {}): Told =>
  requested('DEACTIVATE_TOKEN', name, { tokenAddress: TOKEN_A }, asking);

/** A further event of a request. */
export function said(name: string, type: RequestEvent['type'], data: object = {}, chainId = CHAIN_ID): Told {
  const body = { commandId: id(name), chainId, ...data };
  return told(requestStream(id(name)), type, body, `${name} ${type} ${JSON.stringify(body)}`);
}

export const submitted = (name: string, tx: string, chainId = CHAIN_ID): Told =>
  said(name, 'RequestSubmitted', { txHash: hash(tx) }, chainId);

export function signedByRelayer(
  name: string,
  tx: string,
  chainId = CHAIN_ID,
  replaces: string | null = null,
): Told {
  const signed = { chainId, relayer: RELAYER, nonce: 0, commandId: id(name), txHash: hash(tx) };
  const data = { ...signed, rawTransaction: '0x02', replaces: replaces === null ? null : hash(replaces) };
  return told(relayerStream(chainId, RELAYER), 'RelayerTransactionSigned', data, `${name} signed as ${tx}`);
}

/** Where a fact stands; the block's hash follows from its name. */
export interface Place {
  readonly chainId?: number;
  readonly block: string;
  readonly number?: number;
  readonly tx?: string;
  /** The command that the transaction's tag names. */
  readonly names?: string;
  readonly logIndex?: number;
  /** How often the block came back after it was taken back. */
  readonly returned?: number;
}

function onChain(type: ChainFact['type'], data: object, place: Place, time?: number): Told {
  const { chainId = CHAIN_ID, block, number = 10, tx = null, names, logIndex = 0, returned = 0 } = place;
  const name = `${chainId} ${type} ${block} ${tx} ${logIndex} ${returned}`;
  const fact = told(chainStream(chainId), type, data, name);
  const chain = {
    chainId,
    blockNumber: number,
    blockHash: hash(block),
    blockTime: time ?? START / 1_000 + number,
    txHash: tx === null ? null : hash(tx),
    logIndex: tx === null ? null : logIndex,
    commandId: names === undefined ? null : id(names),
  };
  return { ...fact, event: { ...fact.event, metadata: { ...fact.event.metadata, actor: 'chain', chain } } };
}

export const swapped = (
  place: Place,
  change: { user?: Address; amountIn?: string; amountOut?: string } = {},
): Told =>
  onChain(
    'Swap',
    { contract: BOB, user: ALICE, ...SWAP, amountIn: '1000', amountOut: '940', ...change },
    place,
  );

export function liquidityAdded(
  place: Place,
  change: { user?: Address; amountA?: string; amountB?: string } = {},
): Told {
  const added = { user: ALICE, amountA: '5000', amountB: '6000', ...change };
  return onChain('LiquidityAdded', { contract: BOB, poolId: POOL, liquidity: '4477', ...added }, place);
}

/** What the creation of a pool with its first deposit leaves on the chain, in one transaction. */
export const poolOpened = (place: Place): readonly Told[] => [
  onChain('PoolCreated', { contract: BOB, poolId: POOL, tokenA: TOKEN_A, tokenB: TOKEN_B }, place),
  liquidityAdded({ ...place, logIndex: 1 }, { user: ZERO_ADDRESS, amountA: '0', amountB: '0' }),
  liquidityAdded({ ...place, logIndex: 2 }),
];

export function tokenCreated(place: Place, creator: Address = ALICE): Told {
  const token = { tokenAddress: TOKEN_A, creator, name: 'Alpha', symbol: 'ALP', totalSupply: '1000' };
  return onChain('TokenCreated', { contract: BOB, ...token }, place);
}

export const tokenDeactivated = (place: Place): Told =>
  onChain('TokenDeactivated', { contract: BOB, tokenAddress: TOKEN_A }, place);

export const failed = (place: Place, from: Address = ALICE): Told =>
  onChain('TransactionFailed', { txHash: hash(place.tx ?? ''), from, to: TOKEN_B, reason: 'no luck' }, place);

export const forwardExecuted = (place: Place, change: { nonce?: string; success?: boolean } = {}): Told =>
  onChain(
    'ForwardRequestExecuted',
    { contract: BOB, signer: ALICE, nonce: '0', success: true, ...change },
    place,
  );

/** A relayed swap, signed with a nonce of ALICE's. */
export const signedSwap = (name: string, nonce = '0'): readonly Told[] => [
  swapRequested(name, { execution: 'RELAYED' }),
  said(name, 'RelayRequested', { forward: { from: ALICE, nonce } }),
  said(name, 'RelayAuthorized', { signature: '0x00' }),
];

/** @param time seconds since the epoch */
export function ingested(
  block: string,
  number: number,
  time = START / 1_000 + number,
  chainId = CHAIN_ID,
): Told {
  const header = { number, hash: hash(block), parentHash: hash('parent'), time };
  const data = { ...header, facts: 0, commandIds: [], proof: 'NONE', providers: 1 };
  return onChain('BlockIngested', data, { chainId, block, number }, time);
}

export function reverted(block: string, number: number, chainId = CHAIN_ID): Told {
  const range = { fromNumber: number, toNumber: number, hashes: [hash(block)] };
  const data = { ...range, ancestor: { number: number - 1, hash: hash('parent') } };
  return onChain('BlocksReverted', data, { chainId, block: `reorg of ${block}`, number });
}

/** @param time seconds since the epoch */
export const finalized = (number: number, time = START / 1_000 + number, chainId = CHAIN_ID): Told =>
  onChain(
    'BlocksFinalized',
    { number, hash: hash(`final ${number}`) },
    { chainId, block: `final ${number}`, number },
    time,
  );

export async function tell(store: EventStore, story: readonly Told[]): Promise<void> {
  for (const { stream, event } of story) await store.append(stream, [event], 'any');
}
