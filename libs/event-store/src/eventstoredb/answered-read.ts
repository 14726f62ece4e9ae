import { EventStoreUnavailableError } from '@abland/kernel';
import type { AllStreamResolvedEvent, ResolvedEvent, StreamingRead } from '@eventstore/db-client';

/** The server sends what it has without a pause: one that sends nothing for so long has lost the read, or is not there any more. */
export const READ_IDLE_MS = 10_000;

/**
 * Hands each event of a read to a callback, to the read's end. The client gives reads no deadline, and takes none.
 * @throws EventStoreUnavailableError where nothing comes for too long; the read is given up then
 */
export async function eachOf<Event extends ResolvedEvent | AllStreamResolvedEvent>(
  read: StreamingRead<Event>,
  idleMs: number,
  handle: (event: Event) => void,
): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const giveUp = (): void =>
    reject(
      new EventStoreUnavailableError(`EventStoreDB sent nothing of a read for ${idleMs} ms`, { idleMs }),
    );
  const timer = setTimeout(giveUp, idleMs);
  const reading = (async () => {
    for await (const event of read) {
      timer.refresh();
      handle(event);
    }
  })();
  try {
    await Promise.race([reading, late]);
  } catch (error) {
    reading.catch(() => undefined); // ended below, or by the same error
    void read.cancel().catch(() => undefined);
    read.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
