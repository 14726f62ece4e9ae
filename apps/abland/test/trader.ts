import { until } from '@abland/testing';
import { Contract, Interface, JsonRpcProvider, MaxUint256 } from 'ethers';
import { type ApiClient, createApiClient } from '../src/demo/api-client.js';
import * as documents from '../src/demo/documents.js';
import { type CommandView, followCommand, isOnChain } from '../src/demo/follow-command.js';
import { openWallet, type WalletSession } from '../src/demo/wallet-session.js';
import type { SystemUnderTest } from './system-under-test.js';

/** A swap that was asked for and mined. */
export interface Swapped {
  readonly commandId: string;
  readonly txHash: string;
}
interface PoolView {
  readonly id: string;
  readonly reserveA: string;
  readonly reserveB: string;
  readonly tokenA: { readonly address: string };
  readonly tokenB: { readonly address: string };
}
interface SwapRow {
  readonly txHash: string;
  readonly finality: { readonly status: string; readonly confirmations: number };
}
type Swaps = { swaps: { edges: { node: SwapRow }[] } };

const GET_POOL = 'function getPool(bytes32) view returns (address, address, uint256, uint256, uint256)';
const UNIT = 10n ** 18n;

/** The wallet of a demo's run, which goes on to swap in its pool, and what of it can be seen in the API and on the chain. */
export class Trader {
  #asked = 0;

  private constructor(
    readonly provider: JsonRpcProvider,
    readonly api: ApiClient,
    private readonly session: WalletSession,
    private readonly manager: string,
    private readonly poolId: string,
  ) {}

  static async open(system: SystemUnderTest, run: string): Promise<Trader> {
    const provider = new JsonRpcProvider(system.rpcUrl, undefined, { pollingInterval: 20, cacheTimeout: -1 });
    const api = createApiClient(system.apiUrl);
    const session = await openWallet(run, provider, api);
    const { _meta, pools } = await api.query<{
      _meta: { contracts: { liquidityManager: string } };
      pools: { edges: { node: PoolView }[] };
    }>('{ _meta { contracts { liquidityManager } } pools(first: 1) { edges { node { id } } } }');
    const manager = _meta.contracts.liquidityManager;
    const trader = new Trader(provider, api, session, manager, pools.edges[0]?.node.id ?? '');
    const data = new Interface(['function approve(address, uint256)']).encodeFunctionData('approve', [
      manager,
      MaxUint256,
    ]);
    await trader.#send({ to: (await trader.pool()).tokenA.address, data, value: '0' });
    return trader;
  }

  /** One swap after the other, each in a block of its own. */
  async swap(count: number): Promise<readonly Swapped[]> {
    const { tokenA, tokenB } = await this.pool();
    const swapped: Swapped[] = [];
    for (let index = 0; index < count; index += 1) {
      this.#asked += 1;
      const input = {
        idempotencyKey: `trader-${this.#asked}`,
        ...{ tokenIn: tokenA.address, tokenOut: tokenB.address, slippageBps: 500 },
        amountIn: (UNIT + BigInt(this.#asked)).toString(),
      };
      const { receipt } = await this.api.query<{
        receipt: { commandId: string; transaction: { to: string; data: string; value: string } };
      }>(documents.SWAP, { input });
      swapped.push({ commandId: receipt.commandId, txHash: await this.#send(receipt.transaction) });
    }
    return swapped;
  }

  async mine(blocks: number): Promise<void> {
    for (let mined = 0; mined < blocks; mined += 1) await this.provider.send('evm_mine', []);
  }

  /** As the API tells them. */
  command = (id: string, wanted: (command: CommandView) => boolean = isOnChain): Promise<CommandView> =>
    followCommand(this.api, id, wanted);

  async pool(): Promise<PoolView> {
    return (await this.api.query<{ pool: PoolView }>(documents.POOL, { id: this.poolId })).pool;
  }

  async swaps(): Promise<readonly SwapRow[]> {
    const { swaps } = await this.api.query<Swaps>(
      '{ swaps(first: 100) { edges { node { txHash finality { status confirmations } } } } }',
    );
    return swaps.edges.map(({ node }) => node);
  }

  /** Waits until the API is at the chain's head, with the reserves that the contract has there. */
  async untilAtHead(): Promise<void> {
    const manager = new Contract(this.manager, [GET_POOL], this.provider);
    await untilIt('shows the reserves of the contract', async () => {
      const head = await this.provider.getBlockNumber();
      const { indexedBlock } = (await this.api.query<{ _meta: { indexedBlock: number } }>(documents.INDEXED))
        ._meta;
      const { reserveA, reserveB } = await this.pool();
      const onChain = (await manager.getFunction('getPool')(this.poolId)) as bigint[];
      return indexedBlock >= head && `${onChain[2]} ${onChain[3]}` === `${reserveA} ${reserveB}`;
    });
  }

  close(): void {
    this.provider.destroy();
  }

  async #send(transaction: { to: string; data: string; value: string }): Promise<string> {
    const { address, wallet } = this.session;
    // What a reorg took back was sent with the same numbers.
    const nonce = await this.provider.getTransactionCount(address, 'latest');
    const { to, data, value } = transaction;
    const sent = await wallet.sendTransaction({ to, data, value: BigInt(value), nonce, gasLimit: 1_000_000 });
    const receipt = await sent.wait(1);
    if (receipt?.status !== 1) throw new Error(`${sent.hash} was reverted`);
    return sent.hash;
  }
}

/** Waits until a system does what a test asks it for, seldom enough to leave it time for that. */
export const untilIt = (what: string, holds: () => Promise<boolean>): Promise<void> =>
  until(holds, () => `it never ${what}`, 50);
