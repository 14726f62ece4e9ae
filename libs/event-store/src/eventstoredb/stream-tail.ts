import type { Position, Revision } from '@abland/kernel';
import type { StoredEvent, StreamState } from '../append/append-decision.js';
import type { AppendRequest } from '../append/append-request.js';
import type { LogReader } from '../reading/log-reader.js';

/** How far back a repeated append is looked for where its place is not told by an exact revision. */
const TAIL_MAX = 5_000;
const PAGE = 500;

/**
 * The end of a stream, for an append that must be decided on it: where it is, and which of the append's events it has. Asked again, it
 * reads only what has come since.
 */
export class StreamTail {
  private readonly stored = new Map<string, StoredEvent>();
  private readonly wanted: ReadonlySet<string>;
  private revision: Revision | null = null;

  constructor(
    private readonly reader: Pick<LogReader, 'streamPage'>,
    private readonly request: AppendRequest,
  ) {
    this.wanted = new Set(request.events.map(({ id }) => id));
  }

  async read(): Promise<StreamState> {
    if (this.revision === null) await this.readBack();
    else await this.readOn(this.revision);
    return { revision: this.revision, storedAt: (id) => this.stored.get(id) };
  }

  private async readBack(): Promise<void> {
    const { stream, events, expected } = this.request;
    const { events: newest } = await this.reader.streamPage(stream, 'backward', null, 1);
    const last = newest[0];
    if (last === undefined) return;
    this.revision = last.revision;
    if (typeof expected === 'bigint' || expected === 'no_stream') {
      const from = expected === 'no_stream' ? 0n : expected + 1n;
      this.note((await this.reader.streamPage(stream, 'forward', from, events.length)).events);
    }
    let from: Revision = last.revision;
    for (let scanned = 0; scanned < TAIL_MAX && this.misses && from >= 0n; scanned += PAGE) {
      const { events: page } = await this.reader.streamPage(stream, 'backward', from, PAGE);
      this.note(page);
      if (page.length < PAGE) break;
      from = (page.at(-1)?.revision ?? 0n) - 1n;
    }
  }

  private async readOn(known: Revision): Promise<void> {
    for (let from = known + 1n, ended = false; !ended;) {
      const page = await this.reader.streamPage(this.request.stream, 'forward', from, PAGE);
      this.note(page.events);
      const last = page.events.at(-1);
      if (last !== undefined) this.revision = last.revision;
      from = (last?.revision ?? from) + 1n;
      ended = page.ended;
    }
  }

  private get misses(): boolean {
    return this.stored.size < this.wanted.size;
  }

  private note(page: readonly { id: string; revision: Revision; position: Position }[]): void {
    for (const { id, revision, position } of page)
      if (this.wanted.has(id)) this.stored.set(id, { revision, position });
  }
}
