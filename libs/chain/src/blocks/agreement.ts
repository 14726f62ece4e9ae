import type { ChainRpc } from '../rpc/chain-rpc.js';
import { QuorumMissingError } from './errors.js';
import type { Provider } from '../rpc/provider.js';
import { Reading } from '../rpc/reading.js';
import { quantity } from './answers.js';
import type { ChainBlock } from './chain-block.js';

/**
 * Blocks of one provider, with how many have the same: a hash stands for all that is proved under it.
 * @throws QuorumMissingError where too few do
 */
export async function agreed(
  rpc: ChainRpc,
  provider: Provider,
  blocks: readonly ChainBlock[],
  quorum: number,
): Promise<readonly ChainBlock[]> {
  const others = await rpc.askOthers(provider, (other) => hashesOf(other, blocks));
  return blocks.map((block, index) => {
    const providers = 1 + others.filter((hashes) => hashes?.[index] === block.hash).length;
    if (providers >= quorum) return { ...block, providers };
    const { hash, number } = block;
    throw new QuorumMissingError(
      `Block ${number} (${hash}) is that of ${providers} providers, not of ${quorum}`,
      {
        ...{ number, hash, providers, quorum },
      },
    );
  });
}

/** Null for a block that the provider does not have (yet). */
async function hashesOf(
  provider: Provider,
  blocks: readonly ChainBlock[],
): Promise<readonly (string | null)[]> {
  const given = await provider.batch(
    blocks.map(({ number }) => ({ method: 'eth_getBlockByNumber', params: [quantity(number), false] })),
  );
  return blocks.map(({ number }, index) => {
    if (given[index] === null) return null;
    const reading = new Reading(provider.shownUrl, `block ${number}`);
    return reading.hash(reading.object(given[index]), 'hash');
  });
}
