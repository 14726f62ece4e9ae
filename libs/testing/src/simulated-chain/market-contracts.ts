import { logOf } from '@abland/chain';
import type { MadeLog } from '@abland/chain/made-blocks';
import type { ChainFact, LoggedFact } from '@abland/domain';
import { Interface } from 'ethers';
import { type Fact, MANAGER } from '../market/market.js';

export const FACTORY = `0x${'fac7'.padStart(40, '0')}`;
export const FORWARDER = `0x${'f04d'.padStart(40, '0')}`;

/** As the programs are told of them. */
export const SIMULATED_CONTRACTS = {
  tokenFactory: FACTORY,
  liquidityManager: MANAGER,
  forwarder: FORWARDER,
  checkpoint: null,
  governance: null,
};

const KNOWN_BY = new Interface([
  ...['liquidityManager', 'tokenFactory', 'trustedForwarder'].map(
    (name) => `function ${name}() view returns (address)`,
  ),
  'function nonces(address) view returns (uint256)',
]);
const ANSWERS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  [FACTORY]: { liquidityManager: MANAGER, trustedForwarder: FORWARDER },
  [MANAGER]: { tokenFactory: FACTORY, trustedForwarder: FORWARDER },
  [FORWARDER]: { nonces: 0 },
};

/** What our contracts are known by, and name each other by; null where something else is asked. */
export function contractAnswer(to: string, data: string): string | null {
  const method = KNOWN_BY.getFunction(data.slice(0, 10));
  const answer = method === null ? undefined : ANSWERS[to.toLowerCase()]?.[method.name];
  return method === null || answer === undefined ? null : KNOWN_BY.encodeFunctionResult(method, [answer]);
}

const OF_FACTORY: ReadonlySet<ChainFact['type']> = new Set([
  ...(['TokenCreated', 'TokenMetadataUpdated', 'TokenDeactivated', 'CreationFeeUpdated'] as const),
]);
/** Events whose fields have no fixed length, as the contracts declare them. */
const DYNAMIC = new Interface([
  'event TokenCreated(address indexed tokenAddress, address indexed creator, string name, string symbol, uint256 totalSupply)',
  'event TokenMetadataUpdated(address indexed tokenAddress, uint8 decimals, string metadataURI)',
]);

/** The contract that a transaction with this fact was sent to. */
export function contractOf({ data, type }: Fact): string {
  if (type === 'Transfer') return String(data['contract']);
  if (type === 'ForwardRequestExecuted') return FORWARDER;
  return OF_FACTORY.has(type) ? FACTORY : MANAGER;
}

/** The log that a contract emits where this happens. */
export function emittedLog(fact: Fact): MadeLog {
  const { data, type } = fact;
  const address = contractOf(fact);
  const event = DYNAMIC.getEvent(type);
  if (event === null) return logOf({ type, data: { ...data, contract: address } } as unknown as LoggedFact);
  return {
    address,
    ...DYNAMIC.encodeEventLog(
      event,
      event.inputs.map(({ name }) => data[name]),
    ),
  };
}
