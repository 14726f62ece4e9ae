import type { BlockLog, EarlierBlock } from '../blocks/chain-block.js';
import type { BlockMessage, BlockPartMessage, ChainMessage } from './messages.js';

/** Of logs in one message; a log stream takes about four times as much. */
const MESSAGE_BYTES = 1_000_000;

/** Bytes of a log as JSON, closely enough. */
const sizeOf = ({ data, topics }: BlockLog): number => 220 + data.length + 70 * topics.length;
/** Bytes of logs as JSON, closely enough. */
export const sizeOfLogs = (logs: readonly BlockLog[]): number =>
  logs.reduce((sum, log) => sum + sizeOf(log), 0);

/** Messages of bounded size that tell the same: a block with more logs is told in parts that come right before it. */
export function cutMessages(messages: readonly ChainMessage[], bytesMax = MESSAGE_BYTES): ChainMessage[] {
  return messages.flatMap((message) => (message.kind === 'block' ? cutBlock(message, bytesMax) : [message]));
}

function cutBlock(message: BlockMessage, bytesMax: number): ChainMessage[] {
  const { block } = message;
  const { earlier = [], hash, number } = block;
  const whole = sizeOfLogs(block.logs) + earlier.reduce((sum, { logs }) => sum + sizeOfLogs(logs), 0);
  if (whole <= bytesMax) return [message];
  const pieces: Pick<BlockPartMessage, 'logs' | 'earlier'>[] = [
    ...earlier.flatMap((one) =>
      cutLogs(one.logs, bytesMax).map((logs) => ({ logs: [], earlier: [{ ...one, logs }] })),
    ),
    ...cutLogs(block.logs, bytesMax).map((logs) => ({ logs, earlier: [] })),
  ];
  const parts = pieces.map((piece, index): BlockPartMessage => ({
    kind: 'part',
    number,
    hash,
    index,
    ...piece,
  }));
  const rest = { ...block, logs: [], ...(block.earlier === undefined ? {} : { earlier: [] }) };
  return [...parts, { kind: 'block', block: rest, parts: parts.length }];
}

function cutLogs(logs: readonly BlockLog[], bytesMax: number): BlockLog[][] {
  const pieces: BlockLog[][] = [];
  let bytes = Infinity;
  for (const log of logs) {
    const size = sizeOf(log);
    if (bytes + size > bytesMax) {
      pieces.push([]);
      bytes = 0;
    }
    pieces.at(-1)?.push(log);
    bytes += size;
  }
  return pieces;
}

/** Puts blocks together again whose parts came before them. */
export class BlockParts {
  #parts: BlockPartMessage[] = [];

  /** Parts that are told again, after their publisher was interrupted, count once. */
  add(part: BlockPartMessage): void {
    const continues =
      part.index === this.#parts.length && this.#parts.every(({ hash }) => hash === part.hash);
    if (part.index === 0) this.#parts = [part];
    else if (continues) this.#parts.push(part);
    else this.#parts = [];
  }

  /** The block with all that its parts told; null where one of them did not come. */
  complete({ block, parts = 0 }: BlockMessage): BlockMessage | null {
    const told = this.#parts;
    this.#parts = [];
    if (parts === 0) return { kind: 'block', block };
    if (told.length !== parts || told[0]?.hash !== block.hash) return null;
    const logs = [...told.flatMap((part) => part.logs), ...block.logs];
    const earlier: readonly EarlierBlock[] = [
      ...told.flatMap((part) => part.earlier),
      ...(block.earlier ?? []),
    ];
    const whole = block.earlier === undefined ? { ...block, logs } : { ...block, logs, earlier };
    return { kind: 'block', block: whole };
  }
}
