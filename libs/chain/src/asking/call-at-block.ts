import type { HexData } from '@abland/domain';
import { quantity } from '../blocks/answers.js';
import type { BlockReference } from '../blocks/chain-block.js';
import { RpcResponseError } from '../rpc/errors.js';
import type { Provider } from '../rpc/provider.js';
import { Reading } from '../rpc/reading.js';

export type BlockId = Pick<BlockReference, 'hash' | 'number'>;
/** As JSON-RPC takes a block: a number, a tag, or its hash (EIP-1898). */
export type BlockParameter = string | { readonly blockHash: string };

/** What a provider may lack as it may lack a method. */
const CALL_BY_HASH = 'eth_call at a block hash';

/**
 * Of the state after the very block, whatever branch a node is on: by its hash, else by its number where that is its hash there.
 * @param call answers 'FORM' where the node takes no block like this
 * @returns null where the node has another block of that number
 */
export async function atBlock<Told>(
  provider: Provider,
  { hash, number }: BlockId,
  call: (at: BlockParameter) => Promise<Told | 'FORM'>,
): Promise<Told | 'FORM' | null> {
  if (provider.has(CALL_BY_HASH)) {
    const told = await call({ blockHash: hash });
    if (told !== 'FORM') return told;
    provider.lacks(CALL_BY_HASH);
  }
  const told = await call(quantity(number));
  const given = await provider.request('eth_getBlockByNumber', quantity(number), false);
  const reading = new Reading(provider.shownUrl, `block ${number}`);
  return reading.hash(reading.object(given), 'hash') === hash ? told : null;
}

export interface ContractQuestion {
  readonly to: string;
  readonly data: HexData;
}

/** What each call returned; its error where the node answers one. @throws as Provider.batch */
export async function callEach(
  provider: Provider,
  calls: readonly ContractQuestion[],
  at: BlockParameter,
): Promise<readonly unknown[]> {
  const requests = calls.map(({ data, to }) => ({ method: 'eth_call', params: [{ to, data }, at] }));
  try {
    return await provider.batch(requests);
  } catch (error) {
    if (!(error instanceof RpcResponseError)) throw error;
    if (requests.length === 1) return [error];
    const answers: unknown[] = [];
    // One of them was refused, which says nothing of the others.
    for (const call of calls) answers.push(...(await callEach(provider, [call], at)));
    return answers;
  }
}

/** Which of these have no code. One that the node says nothing of is not among them. @throws as Provider.batch */
export async function withoutCode(
  provider: Provider,
  addresses: readonly string[],
  at: BlockParameter,
): Promise<ReadonlySet<string>> {
  const bare = new Set<string>();
  for (const address of addresses) {
    try {
      if ((await provider.request('eth_getCode', address, at)) === '0x') bare.add(address);
    } catch (error) {
      if (!(error instanceof RpcResponseError)) throw error;
    }
  }
  return bare;
}
