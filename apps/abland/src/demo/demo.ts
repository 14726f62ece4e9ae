import { Contract, Interface, isCallException, type JsonRpcProvider, MaxUint256 } from 'ethers';
import { type ApiClient, createApiClient } from './api-client.js';
import { awaitingBlocks } from './awaiting-blocks.js';
import * as documents from './documents.js';
import {
  CommandFailed,
  CommandLate,
  type CommandView,
  followCommand,
  isFinal,
  isOnChain,
} from './follow-command.js';
import { untilIndexed } from './until-indexed.js';
import { openWallet, type WalletSession } from './wallet-session.js';
import { openProvider } from '../provider/open-provider.js';

export interface DemoOptions {
  readonly apiUrl: string;
  readonly rpcUrl: string;
  /** Names the wallet and the idempotency keys: the same run given again goes on where it was. */
  readonly run: string;
  readonly print: (line: string) => void;
  /** Whether to wait until the last command is final. */
  readonly untilFinal: boolean;
  /** Further swaps, one after the other, each timed from mutation to confirmed in the API. */
  readonly timedSwaps?: number;
  /** Of the account that pays for the run's wallet; null: one that every development chain funds. */
  readonly fundingKey?: string | null;
}

interface Receipt {
  readonly commandId: string;
  readonly status: string;
  readonly approvals: readonly Transaction[];
  readonly transaction: Transaction | null;
  readonly signatureRequest: TypedData | null;
}
interface Transaction {
  readonly to: string;
  readonly data: string;
  readonly value: string;
}
interface TypedData {
  readonly domain: Record<string, unknown>;
  readonly types: Record<string, { name: string; type: string }[]>;
  readonly message: Record<string, unknown>;
}
export interface PoolView {
  readonly id: string;
  readonly reserveA: string;
  readonly reserveB: string;
  readonly totalLiquidity: string;
  readonly tokenA: { readonly symbol: string; readonly address: string };
  readonly tokenB: { readonly symbol: string; readonly address: string };
}
export interface DemoResult {
  readonly pool: PoolView;
  /** What the contract itself says at the same time. */
  readonly onChain: { readonly reserveA: string; readonly reserveB: string; readonly totalLiquidity: string };
  /** Of the timed swaps: mutation sent until confirmed in the API, signing included. */
  readonly swapLatenciesMs: readonly number[];
}

const UNIT = 10n ** 18n;
/** For how long a command that the chain refused is looked at. */
const FOUND_DONE_MS = 15_000;
const DEPLOYED_WITHIN_MS = 60_000;

/** One person's way through the market, by public interfaces alone: the API and the chain's RPC. */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const provider = await openProvider(options.rpcUrl, { pollingInterval: 50, cacheTimeout: -1 });
  try {
    return await new Demo(options, createApiClient(options.apiUrl), provider).run();
  } finally {
    provider.destroy();
  }
}

class Demo {
  private started = performance.now();

  constructor(
    private readonly options: DemoOptions,
    private readonly api: ApiClient,
    private readonly provider: JsonRpcProvider,
  ) {}

  async run(): Promise<DemoResult> {
    const { fundingKey = null, run } = this.options;
    const session = await openWallet(run, this.provider, this.api, { fundingKey });
    this.print(`signed in as ${session.address}`);
    const aurora = await this.createToken(session, 'Aurora', 'AUR', 'RELAYED');
    const boreal = await this.createToken(session, 'Boreal', 'BOR', 'WALLET');
    await this.perform(session, 'open the pool AUR/BOR', documents.CREATE_POOL, {
      idempotencyKey: this.key('pool'),
      tokenA: aurora,
      tokenB: boreal,
      amountA: (100_000n * UNIT).toString(),
      amountB: (50_000n * UNIT).toString(),
    });
    const amountIn = (1_000n * UNIT).toString();
    const { poolId } = await this.quote(aurora, boreal, amountIn);
    await this.perform(session, 'add liquidity', documents.ADD_LIQUIDITY, await this.deposit(poolId, aurora));
    const quote = await this.quote(aurora, boreal, amountIn);
    this.print(
      `quote: 1000 AUR pay ${quote.amountOut} base units of BOR, price impact ${quote.priceImpactBps} bps`,
    );
    const swap = await this.perform(session, 'swap 1000 AUR for BOR', documents.SWAP, {
      idempotencyKey: this.key('swap'),
      tokenIn: aurora,
      tokenOut: boreal,
      amountIn,
      slippageBps: 50,
    });
    if (this.options.untilFinal) {
      this.print('waiting for the blocks that make the swap final');
      await awaitingBlocks(
        () => this.provider.getBlockNumber(),
        () => followCommand(this.api, swap.commandId, isFinal, (seen) => this.printStatus('swap', seen)),
      );
    }
    const swapLatenciesMs = await this.timeSwaps(session, aurora, boreal);
    return { ...(await this.market(poolId)), swapLatenciesMs };
  }

  private async timeSwaps(
    session: WalletSession,
    tokenIn: string,
    tokenOut: string,
  ): Promise<readonly number[]> {
    const latencies: number[] = [];
    if ((this.options.timedSwaps ?? 0) > 0) await this.allowAll(session, tokenIn);
    for (let index = 0; index < (this.options.timedSwaps ?? 0); index += 1) {
      const input = {
        idempotencyKey: this.key(`swap-${index}`),
        tokenIn,
        tokenOut,
        amountIn: UNIT.toString(),
      };
      const started = performance.now();
      const { receipt } = await this.api.query<{ receipt: Receipt }>(documents.SWAP, { input });
      if (receipt.transaction !== null) await session.send(receipt.transaction, 'sent');
      await followCommand(this.api, receipt.commandId, isOnChain);
      latencies.push(performance.now() - started);
    }
    if (latencies.length > 0) {
      const sorted = [...latencies].sort((one, other) => one - other);
      const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
      this.print(`${latencies.length} swaps from mutation to confirmed: median ${Math.round(median)} ms`);
    }
    return latencies;
  }

  /** What a trader's wallet does once for a token, so that a swap is one transaction from then on. */
  private async allowAll(session: WalletSession, token: string): Promise<void> {
    const { liquidityManager } = await this.contracts();
    const data = new Interface(['function approve(address, uint256)']).encodeFunctionData('approve', [
      liquidityManager,
      MaxUint256,
    ]);
    await session.send({ to: token, data, value: '0' });
  }

  private async createToken(
    session: WalletSession,
    name: string,
    symbol: string,
    execution: 'WALLET' | 'RELAYED',
  ): Promise<string> {
    const how = execution === 'RELAYED' ? 'signed request, our sender pays' : 'own wallet';
    const { token: address } = await this.perform(
      session,
      `launch ${name} (${how})`,
      documents.CREATE_TOKEN,
      {
        idempotencyKey: this.key(`token-${symbol}`),
        name,
        symbol,
        supply: '1000000',
        decimals: 18,
        description: `${name}, launched by the demo`,
        execution,
      },
    );
    const deployed = await this.deployed(name, address);
    this.print(`  ${symbol} is DEPLOYED at ${deployed}`);
    return deployed;
  }

  /** A command is answered from the log where the read models are behind it, and its token is in them alone. @throws CommandLate */
  private async deployed(name: string, address: string | null): Promise<string> {
    let status = 'unknown';
    for (const giveUpAt = performance.now() + DEPLOYED_WITHIN_MS; performance.now() < giveUpAt;) {
      const { token } = await this.api.query<{ token: { address: string; status: string } | null }>(
        documents.TOKEN,
        { address },
      );
      if (token?.status === 'DEPLOYED') return token.address;
      status = token?.status ?? status;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new CommandLate(`${name} is ${status} rather than DEPLOYED`);
  }

  /** Asks for a command, executes it as the receipt says, and follows it onto the chain. */
  private async perform(
    session: WalletSession,
    what: string,
    document: string,
    input: Readonly<Record<string, unknown>>,
  ): Promise<CommandView & { readonly commandId: string }> {
    this.started = performance.now();
    const { receipt } = await this.api.query<{ receipt: Receipt }>(document, { input });
    this.print(`${what}: command ${receipt.commandId}`);
    if (receipt.status === 'ACCEPTED') await this.executeUnlessDone(session, receipt);
    const { commandId } = receipt;
    const done = await followCommand(this.api, commandId, isOnChain, (seen) => this.printStatus('', seen));
    return { ...done, commandId };
  }

  /** A run that was cut off may have sent the transaction: only a chain that is indexed up to now can tell that it did not. */
  private async executeUnlessDone(session: WalletSession, receipt: Receipt): Promise<void> {
    const indexedBlock = async (): Promise<number | null> => {
      const { _meta } = await this.api.query<{ _meta: { indexedBlock: number | null } }>(documents.INDEXED);
      return _meta.indexedBlock;
    };
    const onWait = (line: string): void => this.print(`  ${line}`);
    await untilIndexed(await this.provider.getBlockNumber(), indexedBlock, { onWait });
    const { command } = await this.api.query<{ command: CommandView | null }>(documents.COMMAND, {
      id: receipt.commandId,
    });
    if (command !== null && command.status !== 'ACCEPTED') return;
    await this.execute(session, receipt).catch(async (error: unknown) => {
      if (!isCallException(error)) throw error;
      await this.foundDone(receipt, error);
    });
  }

  /**
   * What the chain refuses may be refused because an earlier run had it done: the confirmation comes after its block was indexed.
   * @throws what it was refused with, where it was not
   */
  private async foundDone({ commandId }: Receipt, refused: unknown): Promise<void> {
    const isDone = ({ status }: CommandView): boolean => status !== 'ACCEPTED';
    await followCommand(this.api, commandId, isDone, () => undefined, FOUND_DONE_MS).catch(() => {
      throw refused;
    });
  }

  private async execute(session: WalletSession, receipt: Receipt): Promise<void> {
    if (receipt.signatureRequest !== null) {
      const { domain, types, message } = receipt.signatureRequest;
      const { EIP712Domain: _, ...signed } = types;
      const signature = await session.wallet.signTypedData(domain, signed, message);
      await this.api.query(documents.SUBMIT_SIGNATURE, { commandId: receipt.commandId, signature });
      return;
    }
    if (receipt.transaction === null)
      throw new CommandFailed(`Command ${receipt.commandId} came without a transaction to sign`);
    for (const approval of receipt.approvals) await session.send(approval);
    const txHash = await session.send(receipt.transaction);
    await this.api.query(documents.SUBMIT_TRANSACTION, { commandId: receipt.commandId, txHash });
  }

  private async quote(tokenIn: string, tokenOut: string, amountIn: string): Promise<QuoteView> {
    const variables = { tokenIn, tokenOut, amountIn };
    return (await this.api.query<{ quote: QuoteView }>(documents.QUOTE, variables)).quote;
  }

  /** A tenth of the first deposit more, in the order of the pool's tokens. Said the same way each time it is said. */
  private async deposit(poolId: string, aurora: string): Promise<Readonly<Record<string, unknown>>> {
    const { tokenA } = await this.pool(poolId);
    const amounts = [(10_000n * UNIT).toString(), (5_000n * UNIT).toString()];
    const [amountADesired, amountBDesired] = tokenA.address === aurora ? amounts : amounts.reverse();
    return { idempotencyKey: this.key('liquidity'), poolId, amountADesired, amountBDesired, slippageBps: 50 };
  }

  private async pool(id: string): Promise<PoolView> {
    return (await this.api.query<{ pool: PoolView }>(documents.POOL, { id })).pool;
  }

  private async market(poolId: string): Promise<Omit<DemoResult, 'swapLatenciesMs'>> {
    const { liquidityManager } = await this.contracts();
    const manager = new Contract(
      liquidityManager,
      [
        'function getPool(bytes32) view returns (address, address, uint256 reserveA, uint256 reserveB, uint256 totalLiquidity)',
      ],
      this.provider,
    );
    const [, , reserveA, reserveB, totalLiquidity] = (await manager.getFunction('getPool')(
      poolId,
    )) as bigint[];
    const pool = await this.pool(poolId);
    const onChain = { reserveA: `${reserveA}`, reserveB: `${reserveB}`, totalLiquidity: `${totalLiquidity}` };
    this.print(`pool ${pool.tokenA.symbol}/${pool.tokenB.symbol} (${poolId})`);
    this.print(
      `  reserves in the API:      ${pool.reserveA} ${pool.reserveB}, liquidity ${pool.totalLiquidity}`,
    );
    this.print(
      `  reserves in the contract: ${onChain.reserveA} ${onChain.reserveB}, liquidity ${onChain.totalLiquidity}`,
    );
    const equal = pool.reserveA === onChain.reserveA && pool.reserveB === onChain.reserveB;
    if (!equal) throw new CommandFailed('The API and the contract differ');
    this.print('  equal');
    return { pool, onChain };
  }

  private contracts(): Promise<{ liquidityManager: string }> {
    return this.api
      .query<{ _meta: { contracts: { liquidityManager: string } } }>(documents.CONTRACTS)
      .then(({ _meta }) => _meta.contracts);
  }

  private key(step: string): string {
    return `${this.options.run}/${step}`;
  }

  private printStatus(what: string, { status, txHash, finality }: CommandView): void {
    const elapsed = `${Math.round(performance.now() - this.started)} ms`.padStart(8);
    const chain =
      finality === null ? '' : `, ${finality.status} with ${finality.confirmations} confirmations`;
    this.print(
      `  ${elapsed}  ${what === '' ? '' : `${what} `}${status}${chain}${txHash === null ? '' : `  ${txHash}`}`,
    );
  }

  private print(line: string): void {
    this.options.print(line);
  }
}

interface QuoteView {
  readonly poolId: string;
  readonly amountOut: string;
  readonly amountOutMin: string;
  readonly priceImpactBps: number;
}
