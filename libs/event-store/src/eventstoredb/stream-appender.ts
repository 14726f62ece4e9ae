import {
  type AppendResult,
  EventStoreUnavailableError,
  InvalidAppendError,
  type NewEvent,
  type Position,
  type Revision,
  WrongExpectedRevisionError,
} from '@abland/kernel';
import { decideAppend, type StoredEvent, type StreamState } from '../append/append-decision.js';
import type { AppendRequest } from '../append/append-request.js';
import type { AppendChannel, Written } from './append-channel.js';
import { AppendTooLarge, WrongVersion } from './append-failure.js';
import { encodeEvent, type EncodedEvent } from './event-messages.js';
import type { EventStoreDbReader } from './eventstoredb-reader.js';

/** The server takes 1,048,576 bytes of data in one append. */
const APPEND_BYTES_MAX = 1_000_000;
/** How far back a repeated append is looked for where its place is not told by an exact revision. */
const TAIL_MAX = 5_000;
const TAIL_PAGE = 500;
const ATTEMPTS_MAX = 20;

/**
 * The law of an append on a server that recognises a repetition only by the same exact revision: every write carries one.
 * With `any` and `stream_exists` it is read first. After a refusal the stream's tail says whether the append, or a part of
 * it, is stored already, and only what is missing is sent. Appends to one stream go one after the other.
 *
 * Data beyond the server's limit goes in several appends: atomic each, not together; a repetition completes them.
 */
export class StreamAppender {
  private readonly lastOf = new Map<string, Promise<unknown>>();
  /** An answer that is not beyond it was stored before it was asked for. */
  private knownHead: Position | null = null;

  constructor(
    private readonly channel: AppendChannel,
    private readonly reader: EventStoreDbReader,
  ) {}

  append(request: AppendRequest): Promise<AppendResult> {
    const { stream } = request;
    const before = this.lastOf.get(stream) ?? Promise.resolve();
    const result = before.then(() => this.appendNext(request));
    const settled = result.catch(() => undefined); // thrown to the caller; the next append does not depend on it
    this.lastOf.set(stream, settled);
    void settled.then(() => {
      if (this.lastOf.get(stream) === settled) this.lastOf.delete(stream);
    });
    return result;
  }

  async idle(): Promise<void> {
    await Promise.all(this.lastOf.values());
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

  private async appendDecided(request: AppendRequest): Promise<AppendResult> {
    const { stream, events, expected } = request;
    for (let attempt = 1; ; attempt += 1) {
      const state = await this.readState(request);
      const decision = decideAppend(request, state);
      if (decision.kind === 'refused') throw decision.error;
      if (decision.kind === 'stored-before') return decision.result;
      try {
        const base = decision.base === -1n ? 'no_stream' : decision.base;
        return await this.write(stream, events.slice(decision.firstNew), base);
      } catch (error) {
        if (!(error instanceof WrongVersion)) throw error;
        if (attempt === ATTEMPTS_MAX) throw new WrongExpectedRevisionError(stream, expected, error.actual);
      }
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

  private async readState({ stream, events, expected }: AppendRequest): Promise<StreamState> {
    const wanted = new Set(events.map(({ id }) => id));
    const stored = new Map<string, StoredEvent>();
    const note = (page: readonly { id: string; revision: Revision; position: Position }[]): void => {
      for (const { id, revision, position } of page)
        if (wanted.has(id)) stored.set(id, { revision, position });
    };
    const { events: newest } = await this.reader.streamPage(stream, 'backward', null, 1);
    const last = newest[0];
    if (last === undefined) return { revision: null, storedAt: () => undefined };
    if (typeof expected === 'bigint' || expected === 'no_stream') {
      const from = expected === 'no_stream' ? 0n : expected + 1n;
      note((await this.reader.streamPage(stream, 'forward', from, events.length)).events);
    }
    let from: Revision = last.revision;
    for (
      let scanned = 0;
      scanned < TAIL_MAX && stored.size < wanted.size && from >= 0n;
      scanned += TAIL_PAGE
    ) {
      const { events: page } = await this.reader.streamPage(stream, 'backward', from, TAIL_PAGE);
      note(page);
      if (page.length < TAIL_PAGE) break;
      from = (page.at(-1)?.revision ?? 0n) - 1n;
    }
    return { revision: last.revision, storedAt: (id) => stored.get(id) };
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
