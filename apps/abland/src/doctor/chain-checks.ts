import { ChainRpc, requireDeployment } from '@abland/chain';
import { silentLogger } from '@abland/kernel';
import type { ChainConfig } from '@abland/platform';
import { type Check, UnfitError } from './check.js';

const AHEAD_SECONDS_MAX = 60;

/** Of each of its providers, and of our contracts by any of them. */
export const checksOfChain = (chain: ChainConfig): readonly Check[] => [
  ...chain.rpcUrls.map((url, place) => ({
    what: `chain ${chain.chainId}: provider ${place + 1}, ${hostOf(url)}`,
    ask: () => asking(chain, [url], newestBlock),
  })),
  {
    what: `chain ${chain.chainId}: contracts`,
    ask: () =>
      asking(chain, chain.rpcUrls, async (rpc) => {
        await requireDeployment(rpc, chain);
        return 'ours, at the addresses that are told';
      }),
  },
];

/** @throws WrongChainError where it is another's. */
async function newestBlock(rpc: ChainRpc): Promise<string> {
  const block = await rpc.request<{ readonly number: string; readonly timestamp: string }>(
    ...(['eth_getBlockByNumber', 'latest', false] as const),
  );
  const age = Date.now() / 1_000 - Number(block.timestamp);
  const found = `the chain, its newest block ${Number(block.number)} of ${Math.round(age)} s ago`;
  if (age >= -AHEAD_SECONDS_MAX) return found;
  throw new UnfitError(found, 'let NTP set this machine’s clock: blocks come from its future');
}

async function asking(
  { chainId, requestsPerSecond }: ChainConfig,
  urls: readonly string[],
  ask: (rpc: ChainRpc) => Promise<string>,
): Promise<string> {
  const rpc = new ChainRpc({ urls, chainId, requestsPerSecond, logger: silentLogger });
  try {
    return await ask(rpc);
  } finally {
    rpc.close();
  }
}

const hostOf = (url: string): string => new URL(url).host;
