import { within } from '@abland/kernel';
import { AbiCoder, concat, dataLength, dataSlice, getBytes, Interface } from 'ethers';
import { quantity } from '../blocks/answers.js';
import type { ChainRpc } from '../rpc/chain-rpc.js';
import { RpcResponseError } from '../rpc/errors.js';
import { isRevert } from '../rpc/reverts.js';

/** What somebody says that a contract signed. */
export interface ContractSignature {
  /** Of the contract: a wallet, there or still to be made. */
  readonly address: string;
  /** What was signed. */
  readonly hash: string;
  /** As the wallet knows it, or in the frame of ERC-6492. */
  readonly signature: string;
}

const ERC1271 = new Interface([
  'function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)',
]);
/** What a contract answers that signed: the function's own selector, and zeros. */
const SIGNED = `0x1626ba7e${'0'.repeat(56)}`;
/** A signature that ends with this says how its wallet is made. */
const ERC6492 = `0x${'6492'.repeat(16)}`;
/** A check of several owners takes some hundred thousand, the making of a wallet about a million. */
const GAS = { asked: quantity(1_000_000), made: quantity(6_000_000) };
const WITHIN_MS = 8_000;
/** Code that creates is this long at most (EIP-3860); the calls are part of it here. */
const CREATION_BYTES_MAX = 49_152;

/**
 * Whether a contract says, by the newest block, that a signature is its own: ERC-1271, and ERC-6492 where it is still to be made. Whatever
 * the contract does takes bounded time and changes nothing.
 * @throws as ChainRpc.request where no provider answers
 */
export function isSignedByContract(rpc: ChainRpc, claim: ContractSignature): Promise<boolean> {
  return within(WITHIN_MS, 'asking a contract whether it signed', ask(rpc, claim));
}

async function ask(rpc: ChainRpc, { address, hash, signature }: ContractSignature): Promise<boolean> {
  const framed = unframed(signature);
  const question = (text: string): string => ERC1271.encodeFunctionData('isValidSignature', [hash, text]);
  const data = question(framed?.signature ?? signature);
  if (await isAnswered(rpc, { to: address, data, gas: GAS.asked })) return true;
  if (framed === null || (await rpc.request('eth_getCode', address, 'latest')) !== '0x') return false;
  // Made and asked in one call that nothing comes of.
  const creation = creationOf([framed.factory, framed.making], [address, data]);
  if (dataLength(creation) > CREATION_BYTES_MAX) return false;
  return isAnswered(rpc, { data: creation, gas: GAS.made });
}

interface Call {
  readonly to?: string;
  readonly data: string;
  readonly gas: string;
}

/** A contract that is not there answers nothing, and one that reverts signed nothing. */
async function isAnswered(rpc: ChainRpc, call: Call): Promise<boolean> {
  try {
    return (await rpc.request('eth_call', call, 'latest')) === SIGNED;
  } catch (error) {
    if (error instanceof RpcResponseError && isRevert(error.rpcCode, error.message)) return false;
    throw error;
  }
}

interface Framed {
  readonly factory: string;
  /** What the factory is called with to make the wallet. */
  readonly making: string;
  readonly signature: string;
}

/** Null where it is in no frame, or in none that can be read. */
function unframed(signature: string): Framed | null {
  const length = dataLength(signature);
  if (length < 32 || dataSlice(signature, length - 32) !== ERC6492) return null;
  try {
    const parts = AbiCoder.defaultAbiCoder().decode(
      ['address', 'bytes', 'bytes'],
      dataSlice(signature, 0, length - 32),
    );
    const [factory, making, inner] = [...parts] as [string, string, string];
    return { factory, making, signature: inner };
  } catch {
    return null;
  }
}

type To = readonly [address: string, data: string];

/** EVM code that makes one call whatever comes of it, then asks another, and leaves what that answered in 32 bytes; else zeros. */
function creationOf([factory, making]: To, [wallet, question]: To): string {
  const [makingBytes, questionBytes] = [getBytes(making), getBytes(question)];
  const code = (makingAt: number): string =>
    concat([
      // memory = making; call(gas, factory, 0, 0, length, 0, 0); pop
      ...[push(makingBytes.length), push(makingAt), '0x5f39', '0x5f5f', push(makingBytes.length), '0x5f5f'],
      ...[pushAddress(factory), '0x5af150'],
      // memory = question; staticcall(gas, wallet, 0, length, 0, 32)
      ...[push(questionBytes.length), push(makingAt + makingBytes.length), '0x5f39', '0x60205f'],
      ...[push(questionBytes.length), '0x5f', pushAddress(wallet), '0x5afa'],
      // mstore(0, answered * (returndatasize > 31) * mload(0)); return(0, 32)
      '0x601f3d11025f51025f5260205ff3',
    ]);
  const length = dataLength(code(0));
  return concat([code(length), makingBytes, questionBytes]);
}

/** Always of the same length, whatever the number. */
const push = (value: number): string => `0x62${value.toString(16).padStart(6, '0')}`;
const pushAddress = (address: string): string => `0x73${address.slice(2)}`;
