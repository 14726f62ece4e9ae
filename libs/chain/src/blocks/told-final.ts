import type { ChainRpc } from '../rpc/chain-rpc.js';
import { RpcResponseError } from '../rpc/errors.js';
import type { Provider } from '../rpc/provider.js';
import { Reading } from '../rpc/reading.js';
import { type Header, readHeader } from './answers.js';
import type { BlockReference } from './chain-block.js';

/** By what the chain itself tells which block is final, as JSON-RPC spells it. */
export type FinalityTag = 'safe' | 'finalized';

/**
 * The newest block that the chain calls final: of so many providers at least, so that one that runs ahead, or lies, makes nothing
 * final. Null where none is yet, or too few providers tell one.
 * @throws as ChainRpc.ask
 */
export async function toldFinal(
  rpc: ChainRpc,
  tag: FinalityTag,
  quorum: number,
): Promise<BlockReference | null> {
  const { first, provider } = await rpc.ask(async (asked) => ({
    first: await finalOf(asked, tag),
    provider: asked,
  }));
  const others = quorum === 1 ? [] : await rpc.askOthers(provider, (other) => finalOf(other, tag));
  const told = [first, ...others].filter((header) => header !== null);
  const { hash, number, time } = told.toSorted((a, b) => b.number - a.number)[quorum - 1] ?? {};
  return hash === undefined || number === undefined || time === undefined ? null : { hash, number, time };
}

/** A node whose chain has no final block yet says so by null, or by an error of its own (Geth: -39001). */
async function finalOf(provider: Provider, tag: FinalityTag): Promise<Header | null> {
  try {
    const given = await provider.request('eth_getBlockByNumber', tag, false);
    return given === null ? null : readHeader(new Reading(provider.shownUrl, `its ${tag} block`), given);
  } catch (error) {
    if (error instanceof RpcResponseError) return null;
    throw error;
  }
}
