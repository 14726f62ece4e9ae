import { getAddress } from 'ethers';
import type { Address, ChainLog, GovernanceFact, LoggedFact } from '@abland/domain';
import type { BlockLog, FollowedContracts } from '../blocks/chain-block.js';
import { ABForwarder__factory } from '../contracts/generated/factories/ABForwarder__factory.gen.js';
import { ABGovernance__factory } from '../contracts/generated/factories/ABGovernance__factory.gen.js';
import { ABLiquidityManager__factory } from '../contracts/generated/factories/ABLiquidityManager__factory.gen.js';
import { ABTimelock__factory } from '../contracts/generated/factories/ABTimelock__factory.gen.js';
import { ABToken__factory } from '../contracts/generated/factories/ABToken__factory.gen.js';
import { ABTokenFactory__factory } from '../contracts/generated/factories/ABTokenFactory__factory.gen.js';
import { Arguments } from './arguments.js';
import type { DecodedLog } from './decoded-log.js';
import {
  GOVERNOR_READERS,
  TIMELOCK_READERS,
  VOTES_TOKEN_READERS,
  type GovernanceReaders,
} from './governance-readers.js';
import { LenientParser, type LogParser } from './lenient-parser.js';

type MarketFact = Exclude<LoggedFact, GovernanceFact>;
type FactData = MarketFact extends infer Fact
  ? Fact extends MarketFact
    ? { readonly type: Fact['type']; readonly data: Omit<Fact['data'], 'log'> }
    : never
  : never;
type Reader = (args: Arguments, address: Address) => FactData;

const liquidityChange = (args: Arguments) => ({
  user: args.address('user'),
  poolId: args.text('poolId'),
  amountA: args.amount('amountA'),
  amountB: args.amount('amountB'),
  liquidity: args.amount('liquidity'),
});
const feeChange = (args: Arguments) => ({ oldFee: args.amount('oldFee'), newFee: args.amount('newFee') });

const FACTORY_READERS: Readonly<Record<string, Reader>> = {
  TokenCreated: (args) => ({
    type: 'TokenCreated',
    data: {
      tokenAddress: args.address('tokenAddress'),
      creator: args.address('creator'),
      name: args.text('name'),
      symbol: args.text('symbol'),
      totalSupply: args.amount('totalSupply'),
    },
  }),
  TokenMetadataUpdated: (args) => ({
    type: 'TokenMetadataUpdated',
    data: {
      tokenAddress: args.address('tokenAddress'),
      decimals: Number(args.amount('decimals')),
      metadataURI: args.text('metadataURI'),
    },
  }),
  TokenDeactivated: (args) => ({
    type: 'TokenDeactivated',
    data: { tokenAddress: args.address('tokenAddress') },
  }),
  CreationFeeUpdated: (args) => ({ type: 'CreationFeeUpdated', data: feeChange(args) }),
};

const MANAGER_READERS: Readonly<Record<string, Reader>> = {
  PoolCreated: (args) => ({
    type: 'PoolCreated',
    data: { poolId: args.text('poolId'), tokenA: args.address('tokenA'), tokenB: args.address('tokenB') },
  }),
  LiquidityAdded: (args) => ({ type: 'LiquidityAdded', data: liquidityChange(args) }),
  LiquidityRemoved: (args) => ({ type: 'LiquidityRemoved', data: liquidityChange(args) }),
  Swap: (args) => ({
    type: 'Swap',
    data: {
      user: args.address('user'),
      poolId: args.text('poolId'),
      tokenIn: args.address('tokenIn'),
      tokenOut: args.address('tokenOut'),
      amountIn: args.amount('amountIn'),
      amountOut: args.amount('amountOut'),
    },
  }),
  Sync: (args) => ({
    type: 'Sync',
    data: {
      poolId: args.text('poolId'),
      reserveA: args.amount('reserveA'),
      reserveB: args.amount('reserveB'),
    },
  }),
  SwapFeeUpdated: (args) => ({ type: 'SwapFeeUpdated', data: feeChange(args) }),
  ProtocolFeeUpdated: (args) => ({ type: 'ProtocolFeeUpdated', data: feeChange(args) }),
};

const FORWARDER_READERS: Readonly<Record<string, Reader>> = {
  ExecutedForwardRequest: (args) => ({
    type: 'ForwardRequestExecuted',
    data: { signer: args.address('signer'), nonce: args.amount('nonce'), success: args.flag('success') },
  }),
};

const TOKEN_READERS: Readonly<Record<string, Reader>> = {
  Transfer: (args, address) => ({
    type: 'Transfer',
    data: {
      tokenAddress: address,
      from: args.address('from'),
      to: args.address('to'),
      amount: args.amount('value'),
    },
  }),
};

interface Source {
  readonly parser: LogParser;
  readonly readers: Readonly<Record<string, Reader>> | GovernanceReaders;
}

/** Data of longer logs are cut: an event must stay below what one append of the log can hold. */
const LOG_DATA_BYTES_MAX = 131_072;

const TOKEN: Source = { parser: ABToken__factory.createInterface(), readers: TOKEN_READERS };

function sourcesOf(contracts: FollowedContracts): readonly (readonly [string, Source])[] {
  const { tokenFactory, liquidityManager, forwarder, governance } = contracts;
  const sources: (readonly [string, Source])[] = [
    [tokenFactory, { parser: ABTokenFactory__factory.createInterface(), readers: FACTORY_READERS }],
    [liquidityManager, { parser: ABLiquidityManager__factory.createInterface(), readers: MANAGER_READERS }],
  ];
  if (forwarder !== null) {
    sources.push([forwarder, { parser: ABForwarder__factory.createInterface(), readers: FORWARDER_READERS }]);
  }
  if (governance !== null) {
    const governor = new LenientParser(ABGovernance__factory.createInterface());
    sources.push(
      [governance.governor, { parser: governor, readers: GOVERNOR_READERS }],
      [governance.timelock, { parser: ABTimelock__factory.createInterface(), readers: TIMELOCK_READERS }],
      [governance.token, { parser: TOKEN.parser, readers: VOTES_TOKEN_READERS }],
    );
  }
  return sources;
}

const withinLimit = (data: string): string => data.slice(0, 2 + 2 * LOG_DATA_BYTES_MAX);

/** Decodes the logs of one deployment of our contracts. */
export class LogDecoder {
  readonly #sources: ReadonlyMap<string, Source>;

  constructor(contracts: FollowedContracts) {
    this.#sources = new Map(sourcesOf(contracts).map(([address, source]) => [address.toLowerCase(), source]));
  }

  /** Never throws: what cannot be read is said to be so. `isOurToken` tells tokens that our factory created. */
  decode(log: BlockLog, isOurToken: (address: string) => boolean): DecodedLog {
    const source = this.#sources.get(log.address) ?? (isOurToken(log.address) ? TOKEN : undefined);
    // An anonymous event has no topic; none of ours is anonymous.
    if (source === undefined || log.topics.length === 0) return { kind: 'ignored' };
    try {
      const parsed = source.parser.parseLog({ topics: [...log.topics], data: log.data });
      const reader = parsed === null ? undefined : source.readers[parsed.name];
      if (parsed === null || reader === undefined) return { kind: 'ignored' };
      const address = getAddress(log.address);
      const read = reader(new Arguments(parsed.args), address);
      if (read === null) return { kind: 'ignored' };
      const chainLog: ChainLog = { address, topics: log.topics, data: withinLimit(log.data) };
      return {
        kind: 'fact',
        fact: { type: read.type, version: 1, data: { ...read.data, log: chainLog } } as LoggedFact,
      };
    } catch (error) {
      return { kind: 'undecodable', reason: error instanceof Error ? error.message : String(error) };
    }
  }
}
