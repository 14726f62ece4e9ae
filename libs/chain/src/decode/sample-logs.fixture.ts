import type { EventFragment, Interface, ParamType } from 'ethers';
import { getAddress } from 'ethers';
import fc from 'fast-check';
import type { Address } from '@abland/domain';
import type { BlockLog, FollowedContracts } from '../blocks/chain-block.js';
import { tokenEvents } from './contracts/token.js';
import type { ContractEvents } from './reading/contract-events.js';
import { singletonsOf } from './singletons.js';

const at = (byte: string): Address => getAddress(`0x${byte.repeat(20)}`);

const SAMPLE_TOKEN = at('71');
/** A deployment with everything that one can have. */
export const SAMPLE_CONTRACTS = {
  tokenFactory: at('a1'),
  liquidityManager: at('b2'),
  forwarder: at('c3'),
  governance: { governor: at('d4'), timelock: at('e5'), token: at('f6'), clock: 'BLOCKS' },
  checkpoint: at('17'),
} as const satisfies FollowedContracts;

/** Every kind of contract that is decoded, and where one lies. */
export const SAMPLE_SOURCES: readonly (readonly [Address, ContractEvents])[] = [
  ...singletonsOf(SAMPLE_CONTRACTS).map(([address, events]) => [address, events] as const),
  [SAMPLE_TOKEN, tokenEvents(SAMPLE_CONTRACTS.liquidityManager)],
];

const hex = (bytes: number): fc.Arbitrary<string> =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((array) => `0x${Buffer.from(array).toString('hex')}`);
const uint = (bits: bigint): fc.Arbitrary<bigint> =>
  fc.oneof(fc.bigInt(0n, 2n ** bits - 1n), fc.constantFrom(0n, 1n, 2n ** bits - 1n));
const anyBytes = fc.uint8Array({ maxLength: 70 }).map((array) => `0x${Buffer.from(array).toString('hex')}`);

/** Parameters that mean something only within bounds. */
const BOUNDED: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  'VoteCast.support': fc.bigInt(0n, 2n),
  'VoteCastWithParams.support': fc.bigInt(0n, 2n),
  ...Object.fromEntries(
    [
      'TreeHeadAnchored.index',
      'TreeHeadRetracted.index',
      'TreeHeadRetracted.newestIndex',
      'ProposalQueued.etaSeconds',
      'ProposalExtended.extendedDeadline',
      'VetoGranted.until',
      'PausedUntil.until',
      'ProposalCreated.voteStart',
      'ProposalCreated.voteEnd',
      'CallScheduled.index',
      'CallExecuted.index',
    ].map((name) => [name, fc.bigInt(0n, 2n ** 53n - 1n)]),
  ),
  ...Object.fromEntries(
    [
      ...['Sync.reserveA', 'Sync.reserveB', 'Swap.amountIn', 'Swap.amountOut'],
      ...['LiquidityAdded', 'LiquidityRemoved'].flatMap((event) =>
        ['amountA', 'amountB', 'liquidity'].map((name) => `${event}.${name}`),
      ),
    ].map((name) => [name, uint(128n)]),
  ),
  ...Object.fromEntries(
    ['SwapFeeUpdated.newFee', 'ProtocolFeeUpdated.newFee'].map((name) => [name, fc.bigInt(0n, 10_000n)]),
  ),
  'Approval.spender': fc.constant(SAMPLE_CONTRACTS.liquidityManager),
};

function valueOf(event: string, { name, type, arrayChildren }: ParamType): fc.Arbitrary<unknown> {
  const bounded = BOUNDED[`${event}.${name}`];
  if (bounded !== undefined) return bounded;
  if (arrayChildren) return fc.array(valueOf('', arrayChildren), { maxLength: 3 });
  if (type === 'address') return fc.oneof(hex(20).map(getAddress), fc.constant(at('00')));
  if (type === 'bool') return fc.boolean();
  if (type === 'bytes32') return hex(32);
  if (type === 'bytes') return anyBytes;
  if (type === 'string') return fc.string({ maxLength: 40 });
  return uint(BigInt(type.slice('uint'.length)));
}

/** Any log that the contract at an address could emit for an event, as Solidity writes it. */
export function logsOf(address: Address, abi: Interface, event: EventFragment): fc.Arbitrary<BlockLog> {
  const values = fc.tuple(...event.inputs.map((input) => valueOf(event.name, input)));
  return values.map((args) => {
    const { topics, data } = abi.encodeEventLog(event, args);
    return {
      address: address.toLowerCase(),
      topics,
      data: data.toLowerCase(),
      txHash: `0x${'77'.repeat(32)}`,
      logIndex: 0,
    };
  });
}
