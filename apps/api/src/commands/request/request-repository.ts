import { requestDecider, requestStream } from '@abland/domain';
import {
  type CommandContext,
  type EventStore,
  foldStream,
  type NewEvent,
  type RecordedEvent,
  WrongExpectedRevisionError,
} from '@abland/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { PORT } from '../../ports/ports.js';
import { RequestAggregate } from './request-aggregate.js';

const ATTEMPTS_MAX = 5;

/** Requests, each in a stream of its own, which is read once for a command. */
@Injectable()
export class RequestRepository {
  constructor(@Inject(PORT.log) private readonly log: EventStore) {}

  /** The request of this id as the log has it, perhaps of nothing yet. */
  load(commandId: string): Promise<RequestAggregate> {
    return this.read(commandId, null);
  }

  /** All that the log has of a request; nothing of one that it does not have. */
  async events(commandId: string): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const page of this.log.readStream(requestStream(commandId))) events.push(...page);
    return events;
  }

  /**
   * Loads, asks and stores what was answered; once more from the start where another writer came first.
   * @throws WrongExpectedRevisionError where other writers came first every time.
   */
  async change(
    commandId: string,
    context: CommandContext,
    ask: (request: RequestAggregate) => void | Promise<void>,
  ): Promise<RequestAggregate> {
    for (let attempt = 1; ; attempt += 1) {
      const request = await this.read(commandId, context.eventId(0));
      await ask(request);
      try {
        if (await this.store(request, context)) return request;
      } catch (error) {
        if (!(error instanceof WrongExpectedRevisionError) || attempt === ATTEMPTS_MAX) throw error;
      }
    }
  }

  /** @param eventId the first event of the command that is about to be given */
  private async read(commandId: string, eventId: string | null): Promise<RequestAggregate> {
    const loaded = await foldStream(this.log, requestDecider, requestStream(commandId), eventId);
    return new RequestAggregate(commandId, loaded);
  }

  /** False where the same command was stored meanwhile: what it led to is in the stream now. */
  private async store(request: RequestAggregate, { eventId, metadata }: CommandContext): Promise<boolean> {
    const applied = request.getUncommittedEvents();
    if (applied.length === 0) return true;
    const events: NewEvent[] = applied.map(({ type, version, data }, index) => ({
      ...{ id: eventId(index), type, version, metadata },
      data: data as unknown as NewEvent['data'],
    }));
    const { duplicate, position } = await this.log.append(
      requestStream(request.commandId),
      events,
      request.revision ?? 'no_stream',
    );
    request.stored(position);
    return !duplicate;
  }
}
