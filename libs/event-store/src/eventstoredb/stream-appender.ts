import {
  type AppendResult,
  EventStoreUnavailableError,
  type FailureClass,
  InTurnByKey,
  InvalidAppendError,
  type NewEvent,
  type Position,
  retrying,
  type Revision,
  WrongExpectedRevisionError,
} from '@abland/kernel';
import { decideAppend } from '../append/append-decision.js';
import type { AppendRequest } from '../append/append-request.js';
import type { KnownLog } from '../reading/known-log.js';
import type { AppendChannel, Written } from './append-channel.js';
import { AppendTooLarge, WrongVersion } from './append-failure.js';
import { encodeEvent, type EncodedEvent } from './event-messages.js';
import type { EventStoreDbReader } from './eventstoredb-reader.js';
import { StreamTail } from './stream-tail.js';

/** The server takes 1,048,576 bytes of data in one append. */
const APPEND_BYTES_MAX = 1_000_000;
/** Between two attempts at a stream that others write to: about what an append takes, and more the more there are. */
const CONTENTION_PAUSE_MS = { min: 2, max: 100 };
/** Milliseconds, as long as the server would be waited for. */
const CONTENTION_MS_MAX = 15_000;

/** Another writer was first: the same append may be decided again. */
const classify = (error: unknown): FailureClass => (error instanceof WrongVersion ? 'LATER' : 'OURS');

/**
 * The law of an append on a server that recognises a repetition only by the same exact revision: every write carries one.
 * With `any` and `stream_exists` it is read first. After a refusal the stream's tail says whether the append, or a part of
 * it, is stored already, and only what is missing is sent. Appends to one stream go one after the other.
 *
 * Data beyond the server's limit goes in several appends: atomic each, not together; a repetition completes them.
 */
export class StreamAppender {
  private readonly inTurn = new InTurnByKey();
  /** An answer that is not beyond it was stored before it was asked for. */
  private knownHead: Position | null = null;

  constructor(
    private readonly channel: AppendChannel,
    private readonly reader: EventStoreDbReader,
    private readonly known: KnownLog,
  ) {}

  append(request: AppendRequest): Promise<AppendResult> {
    return this.inTurn.run(request.stream, () => this.appendNext(request));
  }

  idle(): Promise<void> {
    return this.inTurn.idle();
  }

  private async appendNext(request: AppendRequest): Promise<AppendResult> {
    try {
      this.knownHead ??= await this.reader.head();
      return await this.appendExpected(request);
    } catch (error) {
      // What is unknown may be stored: whether the repetition changed anything is seen from a new head only.
      if (error instanceof EventStoreUnavailableError) this.knownHead = null;
      throw error;
    }
  }

  private async appendExpected(request: AppendRequest): Promise<AppendResult> {
    const { expected, events, stream } = request;
    if (typeof expected !== 'bigint' && expected !== 'no_stream') return this.appendDecided(request);
    try {
      return await this.write(stream, events, expected);
    } catch (error) {
      if (!(error instanceof WrongVersion)) throw error;
      return this.appendDecided(request);
    }
  }

  /** Others may write to the stream meanwhile: then it is decided again on what they wrote, for as long as somebody waits. */
  private async appendDecided(request: AppendRequest): Promise<AppendResult> {
    const { stream, events } = request;
    const tail = new StreamTail(this.reader, request);
    const attempt = async (): Promise<AppendResult> => {
      const decision = decideAppend(request, await tail.read());
      if (decision.kind === 'refused') throw decision.error;
      if (decision.kind === 'stored-before') return decision.result;
      const base = decision.base === -1n ? 'no_stream' : decision.base;
      return this.write(stream, events.slice(decision.firstNew), base);
    };
    try {
      return await retrying(attempt, {
        pauseMs: CONTENTION_PAUSE_MS,
        totalMsMax: CONTENTION_MS_MAX,
        classify,
      });
    } catch (error) {
      if (!(error instanceof WrongVersion)) throw error;
      if (typeof request.expected === 'bigint' || request.expected === 'no_stream')
        throw new WrongExpectedRevisionError(stream, request.expected, error.actual);
      // Nothing was expected that is not so: there is only no getting in.
      throw new EventStoreUnavailableError(`Others append to ${stream} all the time`, { stream }, error);
    }
  }

  private async write(
    stream: string,
    events: readonly NewEvent[],
    expected: Revision | 'no_stream',
  ): Promise<AppendResult> {
    const headBefore = this.knownHead ?? 0n;
    let at = expected;
    let written: Written | null = null;
    for (const chunk of chunksOf(stream, events)) {
      written = await this.writeChunk(stream, chunk, at);
      // Not the answer's revision: for a stored prefix the server may tell the stream's.
      at = after(at, chunk.length);
    }
    if (written === null) throw new InvalidAppendError('events is empty', { field: 'events', stream });
    this.known.note({ position: written.position, id: events.at(-1)?.id ?? '' });
    const duplicate = written.position <= headBefore;
    if (!duplicate) this.knownHead = written.position > headBefore ? written.position : headBefore;
    return { revision: at as Revision, position: written.position, duplicate };
  }

  /** In halves where it is too much for the server: versions differ in what they count besides data. */
  private async writeChunk(
    stream: string,
    chunk: readonly EncodedEvent[],
    expected: Revision | 'no_stream',
  ): Promise<Written> {
    try {
      return await this.channel.append(
        stream,
        chunk.map(({ message }) => message),
        expected,
      );
    } catch (error) {
      if (!(error instanceof AppendTooLarge)) throw error;
      if (chunk.length === 1) throw tooLarge('events', stream, chunk[0]?.dataBytes);
      const half = Math.ceil(chunk.length / 2);
      await this.writeChunk(stream, chunk.slice(0, half), expected);
      return this.writeChunk(stream, chunk.slice(half), after(expected, half));
    }
  }
}

function chunksOf(stream: string, events: readonly NewEvent[]): EncodedEvent[][] {
  const chunks: EncodedEvent[][] = [];
  let bytes = Infinity;
  for (const [index, event] of events.entries()) {
    const encoded = encodeEvent(event);
    if (encoded.dataBytes > APPEND_BYTES_MAX) {
      throw tooLarge(`events[${index}].data`, stream, encoded.dataBytes);
    }
    if (bytes + encoded.dataBytes > APPEND_BYTES_MAX) {
      chunks.push([]);
      bytes = 0;
    }
    bytes += encoded.dataBytes;
    chunks.at(-1)?.push(encoded);
  }
  return chunks;
}

const after = (expected: Revision | 'no_stream', events: number): Revision =>
  (expected === 'no_stream' ? -1n : expected) + BigInt(events);

const tooLarge = (field: string, stream: string, bytes: number | undefined): InvalidAppendError =>
  new InvalidAppendError(`${field} is larger than EventStoreDB takes`, { field, stream, bytes });
