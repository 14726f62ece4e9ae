import { chainStream, type LoggedFact, type RequestedEvent, requestStream, type Uuid } from '@abland/domain';
import { type EventStore, InvariantViolation, type RecordedEvent, type Revision } from '@abland/kernel';
import type { Recorded } from '../engine/recorded.js';
import { isExecution, type MinedFact } from './followed-events.js';

/** Bounds the memory: what begins a request never changes, so that the newest may be kept. */
const REQUESTS_KEPT = 10_000;

/**
 * What settlement judges by, read from the log where it stands rather than from copies, which a new version of an event
 * would leave behind.
 */
export class SettlementReader {
  private readonly requests = new Map<Uuid, Recorded<RequestedEvent>>();

  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly chainId: number,
  ) {}

  remember(event: Recorded<RequestedEvent>): void {
    this.requests.set(event.data.commandId, event);
    if (this.requests.size <= REQUESTS_KEPT) return;
    for (const oldest of this.requests.keys()) {
      this.requests.delete(oldest);
      return;
    }
  }

  /** What began a request. */
  async requested(commandId: Uuid): Promise<Recorded<RequestedEvent>> {
    const known = this.requests.get(commandId);
    if (known !== undefined) return known;
    const read = (await this.eventAt(requestStream(commandId), 0n)) as Recorded<RequestedEvent>;
    this.remember(read);
    return read;
  }

  /** The fact at a place of the chain's stream. */
  async factAt(revision: Revision): Promise<MinedFact> {
    return (await this.eventAt(chainStream(this.chainId), revision)) as MinedFact;
  }

  /** The facts of the same transaction that stand before a fact, in the order of the chain. */
  async before(fact: MinedFact): Promise<readonly LoggedFact[]> {
    if (fact.revision === 0n) return [];
    const newestFirst: RecordedEvent[] = [];
    const pages = this.store.readStream(fact.stream, { direction: 'backward', from: fact.revision - 1n });
    for await (const page of pages) {
      const other = page.findIndex(({ metadata }) => metadata.chain?.txHash !== fact.metadata.chain.txHash);
      newestFirst.push(...(other === -1 ? page : page.slice(0, other)));
      if (other !== -1) break;
    }
    return newestFirst.reverse() as unknown as readonly LoggedFact[];
  }

  /** The facts of the one request that the forwarder executed: those of its transaction since the execution before. */
  async executedBy(execution: MinedFact): Promise<readonly MinedFact[]> {
    const before = (await this.before(execution)) as readonly unknown[] as readonly MinedFact[];
    return before.slice(before.findLastIndex(isExecution) + 1);
  }

  private async eventAt(stream: string, revision: Revision): Promise<RecordedEvent> {
    for await (const [event] of this.store.readStream(stream, { from: revision, maxCount: 1 })) {
      if (event !== undefined) return event;
    }
    throw new InvariantViolation(`The log lost what it told of ${stream}`, {
      stream,
      revision: String(revision),
    });
  }
}
