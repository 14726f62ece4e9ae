import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { id } from 'ethers';
import { createHardhatRuntimeEnvironment } from 'hardhat/hre';
import type { EthereumProvider } from 'hardhat/types/providers';

const ROOT = new URL('../../../../../', import.meta.url);
const SOURCE = 'contracts/test/harness/ABPoolHarness.sol';
/** Enough for a batch of thousands of calls. */
const GAS = 4_000_000_000;
const CALLS_PER_BATCH = 2_000;

/** A function of the library by its Solidity signature. */
export type ArithmeticFunction =
  | 'initialLiquidity(uint256,uint256)'
  | 'amountsToAdd(uint256,uint256,uint256,uint256)'
  | 'liquidityFor(uint256,uint256,uint256,uint256,uint256)'
  | 'amountsFor(uint256,uint256,uint256,uint256)'
  | 'getAmountOut(uint256,uint256,uint256,uint256)'
  | 'getAmountIn(uint256,uint256,uint256,uint256)'
  | 'protocolPart(uint256,uint256)';

/** What a call returned, or the signature of the error it reverted with. */
export type Outcome =
  | { readonly returned: readonly [bigint, bigint]; readonly error: null }
  | { readonly returned: null; readonly error: string };

const ERRORS = [
  'ReserveOverflow(uint256)',
  'InsufficientInitialLiquidity(uint256,uint256)',
  'InsufficientLiquidityAdded()',
  'InsufficientLiquidityRemoved()',
  'InsufficientAmountOut()',
  'InsufficientReserve(uint256,uint256)',
  'ZeroAmount()',
  'Panic(uint256)',
];
const errorNames = new Map(ERRORS.map((signature) => [BigInt(id(signature).slice(0, 10)), signature]));

/** The contracts' own library, compiled as it is deployed, in an EVM of this process. */
export class PoolHarness {
  private constructor(
    readonly provider: EthereumProvider,
    private readonly address: string,
    private readonly stop: () => Promise<void>,
  ) {}

  static async start(): Promise<PoolHarness> {
    const folder = await mkdtemp(join(tmpdir(), 'abland-evm-'));
    const artifacts = join(folder, 'artifacts');
    await mkdir(join(artifacts, 'build-info'), { recursive: true });
    const runtime = await createHardhatRuntimeEnvironment({
      paths: { artifacts, cache: join(folder, 'cache') },
      networks: { evm: { type: 'edr-simulated', chainType: 'l1', hardfork: 'cancun', blockGasLimit: GAS } },
    });
    const connection = await runtime.network.create('evm');
    const stop = async (): Promise<void> => {
      await connection.close();
      await rm(folder, { recursive: true, force: true });
    };
    return new PoolHarness(connection.provider, await deploy(connection.provider, compile()), stop);
  }

  /** Every input's outcome, in order. */
  async call(name: ArithmeticFunction, inputs: readonly (readonly bigint[])[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (let start = 0; start < inputs.length; start += CALLS_PER_BATCH) {
      outcomes.push(...(await this.callBatch(name, inputs.slice(start, start + CALLS_PER_BATCH))));
    }
    return outcomes;
  }

  async close(): Promise<void> {
    await this.stop();
  }

  private async callBatch(
    name: ArithmeticFunction,
    inputs: readonly (readonly bigint[])[],
  ): Promise<Outcome[]> {
    const words = inputs.flat();
    const selector = id(name).slice(2, 10).padEnd(64, '0');
    const arity = BigInt(words.length / inputs.length);
    const head = [arity, 96n, BigInt(words.length), ...words].map(word).join('');
    const data = `${id('batch(bytes4,uint256,uint256[])').slice(0, 10)}${selector}${head}`;
    const result = (await this.provider.request({
      method: 'eth_call',
      params: [{ to: this.address, data, gas: `0x${GAS.toString(16)}` }, 'latest'],
    })) as string;
    return inputs.map((_input, index) => {
      // Behind 0x: the offset of the array, its length, then three words a call.
      const at = 2 + (2 + index * 3) * 64;
      const [succeeded, first, second] = [0, 1, 2].map((nth) =>
        BigInt(`0x${result.slice(at + nth * 64, at + (nth + 1) * 64)}`),
      ) as [bigint, bigint, bigint];
      return succeeded === 1n
        ? { returned: [first, second], error: null }
        : { returned: null, error: errorNames.get(first) ?? `unknown error ${first.toString(16)}` };
    });
  }
}

const word = (value: bigint): string => value.toString(16).padStart(64, '0');

interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Record<
    string,
    Record<string, { readonly evm: { readonly bytecode: { readonly object: string } } }>
  >;
}

/** With the settings of the deployed contracts. */
function compile(): string {
  const solc = createRequire(import.meta.url)('solc') as {
    compile(input: string, callbacks: { import(path: string): { contents: string } }): string;
  };
  const read = (path: string): string =>
    readFileSync(new URL(path.startsWith('@') ? `node_modules/${path}` : path, ROOT), 'utf8');
  const input = {
    language: 'Solidity',
    sources: { [SOURCE]: { content: read(SOURCE) } },
    settings: {
      evmVersion: 'cancun',
      viaIR: true,
      optimizer: { enabled: true, runs: 100_000 },
      outputSelection: { '*': { ABPoolHarness: ['evm.bytecode.object'] } },
    },
  };
  const output = JSON.parse(
    solc.compile(JSON.stringify(input), { import: (path) => ({ contents: read(path) }) }),
  ) as CompilerOutput;
  const failures = (output.errors ?? []).filter(({ severity }) => severity === 'error');
  if (failures.length > 0)
    throw new Error(failures.map(({ formattedMessage }) => formattedMessage).join('\n'));
  const bytecode = output.contracts[SOURCE]?.['ABPoolHarness']?.evm.bytecode.object;
  if (bytecode === undefined) throw new Error(`${SOURCE} has no ABPoolHarness`);
  return `0x${bytecode}`;
}

async function deploy(provider: EthereumProvider, bytecode: string): Promise<string> {
  const [from] = (await provider.request({ method: 'eth_accounts' })) as string[];
  const hash = await provider.request({
    method: 'eth_sendTransaction',
    params: [{ from, data: bytecode, gas: '0x1000000' }],
  });
  const receipt = (await provider.request({ method: 'eth_getTransactionReceipt', params: [hash] })) as {
    contractAddress: string;
  };
  return receipt.contractAddress;
}
