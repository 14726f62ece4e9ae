import type { RecordedEvent } from '@abland/kernel';

/** The five read tables that everybody builds here, as one would write them for this purpose alone: hourly candles, no reorgs. */
export const NAIVE_TABLES: Readonly<
  Record<string, { readonly columns: string; readonly after: readonly string[] }>
> = {
  tokens: {
    columns: 'address text, creator text, name text, symbol text, supply numeric, block bigint',
    after: ['ADD PRIMARY KEY (address)', 'INDEX (creator)'],
  },
  pools: {
    columns:
      'id text, token_a text, token_b text, reserve_a numeric, reserve_b numeric, liquidity numeric, swaps bigint, block bigint',
    after: ['ADD PRIMARY KEY (id)', 'INDEX (token_a)', 'INDEX (token_b)'],
  },
  swaps: {
    columns:
      'block bigint, log_index integer, pool text, trader text, token_in text, token_out text, amount_in numeric, amount_out numeric, tx text, time bigint',
    after: ['ADD PRIMARY KEY (block, log_index)', 'INDEX (pool, block, log_index)', 'INDEX (trader)'],
  },
  holdings: {
    columns: 'token text, holder text, balance numeric, block bigint',
    after: ['ADD PRIMARY KEY (token, holder)', 'INDEX (holder)'],
  },
  candles: {
    columns:
      'pool text, hour bigint, open numeric, high numeric, low numeric, close numeric, volume numeric, swaps bigint',
    after: ['ADD PRIMARY KEY (pool, hour)'],
  },
};

interface Pool {
  readonly tokenA: string;
  readonly tokenB: string;
  a: bigint;
  b: bigint;
  liquidity: bigint;
  swaps: number;
  block: number;
}
interface Candle {
  readonly open: number;
  high: number;
  low: number;
  close: number;
  volume: bigint;
  swaps: number;
}
type Data = Readonly<Record<string, string>>;

const NOBODY = `0x${'0'.repeat(40)}`;

/** Everything in maps, rows as lines of COPY's text format. */
export class NaiveTables {
  private readonly tokens: string[] = [];
  private readonly swaps: string[] = [];
  private readonly pools = new Map<string, Pool>();
  private readonly holdings = new Map<string, { balance: bigint; block: number }>();
  private readonly candles = new Map<string, Candle>();

  fold(event: RecordedEvent): void {
    const data = event.data as unknown as Data;
    const { chain } = event.metadata;
    if (chain === undefined) return;
    const block = chain.blockNumber;
    switch (event.type) {
      case 'TokenCreated':
        this.tokens.push(
          `${data['tokenAddress']}\t${data['creator']}\t${data['name']}\t${data['symbol']}\t${data['totalSupply']}\t${block}\n`,
        );
        break;
      case 'PoolCreated':
        this.pools.set(data['poolId'] ?? '', {
          ...{ tokenA: data['tokenA'] ?? '', tokenB: data['tokenB'] ?? '' },
          ...{ a: 0n, b: 0n, liquidity: 0n, swaps: 0, block },
        });
        break;
      case 'LiquidityAdded':
      case 'LiquidityRemoved': {
        const pool = this.pools.get(data['poolId'] ?? '');
        const amount = BigInt(data['liquidity'] ?? 0);
        if (pool !== undefined) pool.liquidity += event.type === 'LiquidityAdded' ? amount : -amount;
        break;
      }
      case 'Sync': {
        const pool = this.pools.get(data['poolId'] ?? '');
        if (pool === undefined) break;
        pool.a = BigInt(data['reserveA'] ?? 0);
        pool.b = BigInt(data['reserveB'] ?? 0);
        pool.block = block;
        break;
      }
      case 'Transfer':
        this.move(data, data['from'] ?? '', -BigInt(data['amount'] ?? 0), block);
        this.move(data, data['to'] ?? '', BigInt(data['amount'] ?? 0), block);
        break;
      case 'Swap':
        this.swap(data, chain.blockTime, `${block}\t${chain.logIndex}`, chain.txHash ?? '');
        break;
    }
  }

  /** A table's rows, some at a time. */
  *lines(table: string): Generator<string> {
    if (table === 'tokens') yield* this.tokens;
    else if (table === 'swaps') yield* this.swaps;
    else if (table === 'pools')
      for (const [id, one] of this.pools)
        yield `${id}\t${one.tokenA}\t${one.tokenB}\t${one.a}\t${one.b}\t${one.liquidity}\t${one.swaps}\t${one.block}\n`;
    else if (table === 'holdings') {
      for (const [key, { balance, block }] of this.holdings) yield `${key}\t${balance}\t${block}\n`;
    } else
      for (const [key, one] of this.candles)
        yield `${key}\t${one.open}\t${one.high}\t${one.low}\t${one.close}\t${one.volume}\t${one.swaps}\n`;
  }

  private move(data: Data, holder: string, change: bigint, block: number): void {
    if (holder === NOBODY) return;
    const key = `${data['contract']}\t${holder}`;
    const known = this.holdings.get(key);
    if (known === undefined) this.holdings.set(key, { balance: change, block });
    else {
      known.balance += change;
      known.block = block;
    }
  }

  private swap(data: Data, time: number, place: string, tx: string): void {
    const { amountIn = '0', amountOut = '0', poolId = '', tokenIn = '', tokenOut = '', user = '' } = data;
    this.swaps.push(
      `${place}\t${poolId}\t${user}\t${tokenIn}\t${tokenOut}\t${amountIn}\t${amountOut}\t${tx}\t${time}\n`,
    );
    const pool = this.pools.get(poolId);
    if (pool !== undefined) pool.swaps += 1;
    const price = Number(amountOut) / Number(amountIn);
    const key = `${poolId}\t${time - (time % 3_600)}`;
    const candle = this.candles.get(key);
    if (candle === undefined) {
      const volume = BigInt(amountIn);
      this.candles.set(key, { open: price, high: price, low: price, close: price, volume, swaps: 1 });
      return;
    }
    candle.high = Math.max(candle.high, price);
    candle.low = Math.min(candle.low, price);
    candle.close = price;
    candle.volume += BigInt(amountIn);
    candle.swaps += 1;
  }
}
