import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Json } from '@abland/kernel';
import type { ChainBlock } from '../blocks/chain-block.js';
import { readMessage } from './read-message.js';

/** A range of 50 blocks, each of the largest there are. */
const BYTES_MAX = 512 * 1024 * 1024;
const [compress, decompress] = [promisify(gzip), promisify(gunzip)];

/** Blocks that were read and proved, as they are kept for another program. */
export function encodeBlocks(blocks: readonly ChainBlock[]): Promise<Buffer> {
  return compress(JSON.stringify(blocks), { level: 1 });
}

/** The same, read into types; null where they are not all blocks of the range, linked: a version of ours wrote something else. */
export async function decodeBlocks(
  bytes: Buffer,
  from: number,
  to: number,
): Promise<readonly ChainBlock[] | null> {
  const told: unknown = JSON.parse(
    (await decompress(bytes, { maxOutputLength: BYTES_MAX })).toString('utf8'),
  );
  if (!Array.isArray(told) || told.length !== to - from + 1) return null;
  const blocks = told.flatMap((one) => blockOf(one as Json) ?? []);
  const areLinked = blocks.every(
    ({ number, parentHash }, index) =>
      number === from + index && (index === 0 || parentHash === blocks[index - 1]?.hash),
  );
  return areLinked && blocks.length === told.length ? blocks : null;
}

function blockOf(block: Json): ChainBlock | null {
  const read = readMessage({ kind: 'block', block });
  return read.kind === 'read' && read.message.kind === 'block' ? read.message.block : null;
}
