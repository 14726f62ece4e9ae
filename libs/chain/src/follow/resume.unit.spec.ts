import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { LogStream, Offset } from '@abland/kernel';
import { NOTHING_PUBLISHED, readUpTo, resumePublished } from './resume.js';

/** A long topic that fails with this where it is read from the middle, and holds nothing from its oldest message on. */
function failingFromTheMiddle(code: string): {
  readonly stream: LogStream;
  readonly reads: (Offset | null)[];
} {
  const reads: (Offset | null)[] = [];
  const stream = {
    last: async () => ({ offset: 1_000n }),
    async *consume(_topic: string, { after }: { readonly after?: Offset }) {
      reads.push(after ?? null);
      if (after !== undefined) throw Object.assign(new Error(code), { toldAs: code });
      yield* [];
    },
  };
  return { stream: stream as unknown as LogStream, reads };
}

describe('messages that are said to be there', () => {
  it('are waited for with an end, and no reader is left', async () => {
    let ended = false;
    const stream = {
      async *consume(_topic: string, { signal }: { readonly signal: AbortSignal }) {
        try {
          yield [{ offset: 1n, value: '' }];
          await once(signal, 'abort'); // it was emptied
        } finally {
          ended = true;
        }
      },
    } as unknown as LogStream;
    const read: Offset[] = [];
    const reading = async (): Promise<void> => {
      for await (const { offset } of readUpTo(stream, 'topic', null, 2n, 50)) read.push(offset);
    };
    await expect(reading()).rejects.toMatchObject({ code: 'TIME_LIMIT', failureClass: 'LATER' });
    expect([read, ended]).toEqual([[1n], true]);
  });
});

describe('what was published of a chain', () => {
  it('is read from the oldest message where what comes before the newest was trimmed', async () => {
    const { reads, stream } = failingFromTheMiddle('LOG_STREAM_OFFSET_LOST');
    expect(await resumePublished(stream, 'topic')).toEqual(NOTHING_PUBLISHED);
    expect(reads).toEqual([expect.any(BigInt), null]);
  });

  it('is not known, rather than read from the oldest message, where the stream fails', async () => {
    const { reads, stream } = failingFromTheMiddle('LOG_STREAM_UNAVAILABLE');
    await expect(resumePublished(stream, 'topic')).rejects.toMatchObject({
      toldAs: 'LOG_STREAM_UNAVAILABLE',
    });
    expect(reads).toHaveLength(1);
  });
});
