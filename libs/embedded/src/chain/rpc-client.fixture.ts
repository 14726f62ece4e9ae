import { Wallet } from 'ethers';
import { developmentAccounts } from './accounts.js';

export interface Answer {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

export async function post(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return response.json();
}

export async function call(url: string, method: string, ...params: readonly unknown[]): Promise<Answer> {
  return (await post(url, { jsonrpc: '2.0', id: 1, method, params })) as Answer;
}

/** The result of a call that must succeed. */
export async function result<Value>(
  url: string,
  method: string,
  ...params: readonly unknown[]
): Promise<Value> {
  const answer = await call(url, method, ...params);
  if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`);
  return answer.result as Value;
}

export interface Block {
  readonly number: string;
  readonly hash: string;
  readonly parentHash: string;
  readonly timestamp: string;
  readonly transactions: readonly string[];
}

export const latest = (url: string): Promise<Block> => result(url, 'eth_getBlockByNumber', 'latest', false);

/** Hashes of all blocks from genesis on. */
export async function allHashes(url: string): Promise<string[]> {
  const head = Number((await latest(url)).number);
  const requests = Array.from({ length: head + 1 }, (_, id) => ({
    jsonrpc: '2.0',
    id,
    method: 'eth_getBlockByNumber',
    params: [`0x${id.toString(16)}`, false],
  }));
  const answers = (await post(url, requests)) as { readonly result: Block }[];
  return answers.map((answer) => answer.result.hash);
}

export function wallet(index: number): Wallet {
  const account = developmentAccounts()[index];
  if (account === undefined) throw new RangeError(`No account ${index}`);
  return new Wallet(account.privateKey);
}

/** A signed transfer of one wei from a development account to itself. */
export function transfer(from: Wallet, nonce: number, chainId = 31337): Promise<string> {
  return from.signTransaction({
    type: 2,
    chainId,
    nonce,
    to: from.address,
    value: 1n,
    gasLimit: 21_000n,
    maxFeePerGas: 10n ** 10n,
    maxPriorityFeePerGas: 1n,
  });
}
