import { getAddress, type Interface, type LogDescription } from 'ethers';
import type { Address, AmountText, ChainLog, LoggedFact } from '@abland/domain';
import type { BlockLog, FollowedContracts } from '../blocks/chain-block.js';
import { ABForwarder__factory } from '../contracts/generated/factories/ABForwarder__factory.gen.js';
import { ABLiquidityManager__factory } from '../contracts/generated/factories/ABLiquidityManager__factory.gen.js';
import { ABToken__factory } from '../contracts/generated/factories/ABToken__factory.gen.js';
import { ABTokenFactory__factory } from '../contracts/generated/factories/ABTokenFactory__factory.gen.js';
import type { DecodedLog } from './decoded-log.js';

type FactData = LoggedFact extends infer Fact
  ? Fact extends LoggedFact
    ? { readonly type: Fact['type']; readonly data: Omit<Fact['data'], 'log'> }
    : never
  : never;
type Reader = (args: Arguments, log: ChainLog) => FactData;

/** Arguments of a log by name, in the formats of the event catalogue. */
class Arguments {
  constructor(private readonly description: LogDescription) {}

  address(name: string): Address {
    return getAddress(String(this.value(name)));
  }
  amount(name: string): AmountText {
    return BigInt(this.value(name) as bigint).toString();
  }
  text(name: string): string {
    return String(this.value(name));
  }
  flag(name: string): boolean {
    return this.value(name) === true;
  }

  private value(name: string): unknown {
    return this.description.args.getValue(name) as unknown;
  }
}

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
  Transfer: (args, log) => ({
    type: 'Transfer',
    data: {
      tokenAddress: log.address,
      from: args.address('from'),
      to: args.address('to'),
      amount: args.amount('value'),
    },
  }),
};

interface Source {
  readonly contract: Interface;
  readonly readers: Readonly<Record<string, Reader>>;
}

const TOKEN: Source = { contract: ABToken__factory.createInterface(), readers: TOKEN_READERS };

/** Decodes the logs of one deployment of our contracts. */
export class LogDecoder {
  readonly #sources: ReadonlyMap<string, Source>;

  constructor(contracts: FollowedContracts) {
    const sources = new Map<string, Source>();
    const add = (address: string, contract: Interface, readers: Source['readers']): void => {
      sources.set(address.toLowerCase(), { contract, readers });
    };
    add(contracts.tokenFactory, ABTokenFactory__factory.createInterface(), FACTORY_READERS);
    add(contracts.liquidityManager, ABLiquidityManager__factory.createInterface(), MANAGER_READERS);
    if (contracts.forwarder !== null) {
      add(contracts.forwarder, ABForwarder__factory.createInterface(), FORWARDER_READERS);
    }
    this.#sources = sources;
  }

  /** Never throws: what cannot be read is said to be so. `isOurToken` tells tokens that our factory created. */
  decode(log: BlockLog, isOurToken: (address: string) => boolean): DecodedLog {
    const source = this.#sources.get(log.address) ?? (isOurToken(log.address) ? TOKEN : undefined);
    // An anonymous event has no topic; none of ours is anonymous.
    if (source === undefined || log.topics.length === 0) return { kind: 'ignored' };
    try {
      const description = source.contract.parseLog({ topics: [...log.topics], data: log.data });
      const reader = description === null ? undefined : source.readers[description.name];
      if (description === null || reader === undefined) return { kind: 'ignored' };
      const chainLog: ChainLog = { address: getAddress(log.address), topics: log.topics, data: log.data };
      const { type, data } = reader(new Arguments(description), chainLog);
      return { kind: 'fact', fact: { type, version: 1, data: { ...data, log: chainLog } } as LoggedFact };
    } catch (error) {
      return { kind: 'undecodable', reason: error instanceof Error ? error.message : String(error) };
    }
  }
}
