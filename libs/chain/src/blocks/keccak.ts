import type { Hash } from '@abland/domain';
import { getBytes, keccak256 } from 'ethers';
import { createKeccak, type IHasher } from 'hash-wasm';

/**
 * In WebAssembly: of what there is to hash of a block, a twelfth of the time that it takes in JavaScript. That serves until this is
 * compiled, a moment after a program begins, and where there is no WebAssembly: whoever imports this waits for nothing.
 */
let compiled: IHasher | null = null;
const compilation = createKeccak(256).then(
  (hasher) => void (compiled = hasher),
  () => undefined,
);

export const keccak = (bytes: Uint8Array): Uint8Array =>
  compiled?.init().update(bytes).digest('binary') ?? getBytes(keccak256(bytes));

export const keccakHash = (bytes: Uint8Array): Hash =>
  compiled === null ? (keccak256(bytes) as Hash) : `0x${compiled.init().update(bytes).digest('hex')}`;

/** Whether WebAssembly serves from then on. */
export const isKeccakCompiled = (): Promise<boolean> => compilation.then(() => compiled !== null);
