import { EventStoreUnavailableError } from '@abland/kernel';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { sampleEvents } from '../laws/sample-events.js';
import { KnownLog } from '../reading/known-log.js';
import type { AppendChannel } from './append-channel.js';
import { WrongVersion } from './append-failure.js';
import type { EventStoreDbReader } from './eventstoredb-reader.js';
import { StreamAppender } from './stream-appender.js';

describe('an append to a stream to which others write all the time', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('that expects nothing is not refused for what it expected: it may be repeated', async () => {
    const reader = {
      head: () => Promise.resolve(0n),
      streamPage: () => Promise.resolve({ events: [], ended: true }),
    };
    const channel = { append: () => Promise.reject(new WrongVersion(7n)) };
    const appender = new StreamAppender(
      channel as unknown as AppendChannel,
      reader as unknown as EventStoreDbReader,
      new KnownLog(),
    );
    const refusal = appender
      .append({ stream: 's', events: sampleEvents(1), expected: 'any' })
      .catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(20_000);
    expect(await refusal).toBeInstanceOf(EventStoreUnavailableError);
  });
});
