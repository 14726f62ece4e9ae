import type { Hash } from '@abland/domain';
import { createKeccak } from 'hash-wasm';

/** In WebAssembly: of what there is to hash of a block, a twelfth of the time that it takes in JavaScript. */
const hasher = await createKeccak(256);

export const keccak = (bytes: Uint8Array): Uint8Array => hasher.init().update(bytes).digest('binary');

export const keccakHash = (bytes: Uint8Array): Hash => `0x${hasher.init().update(bytes).digest('hex')}`;
