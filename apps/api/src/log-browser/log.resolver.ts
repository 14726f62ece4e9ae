import { parseUuid } from '@abland/domain';
import { type Position, type RecordedEvent, UnknownPositionError } from '@abland/kernel';
import { findEvent } from '@abland/log-tools';
import { Inject } from '@nestjs/common';
import { Args, Query, Resolver } from '@nestjs/graphql';
import type { PublishedLog } from '../audit/published-log.js';
import { CallerSession } from '../context/api-context.js';
import { ApiError } from '../errors/api-error.js';
import { parseFirst } from '../graphql/connection.js';
import { UuidScalar } from '../graphql/scalars.js';
import { PORT } from '../ports/ports.js';
import { Roles } from '../roles/roles.js';
import type { SignedInSession } from '../sessions/session.js';
import { browseLog, type Direction } from './browse-log.js';
import { eventTree } from './event-tree.js';
import { LogEvent, logEventOf, LogEventPage, LogEventsArgs, LogEventTree } from './log.types.js';

const TYPES_MAX = 20;
const TEXT_CHARS_MAX = 300;

/** The log itself, as it is stored; only for operators and auditors. */
@Resolver()
export class LogResolver {
  constructor(
    @Inject(PORT.publishedLog) private readonly log: PublishedLog,
    @Inject(Roles) private readonly roles: Roles,
  ) {}

  @Query(() => LogEventPage, {
    description:
      'Events of the log by stream, type or what they belong to, each as it is stored. Only for operators and auditors.',
  })
  async logEvents(
    @CallerSession() caller: SignedInSession,
    @Args({ type: () => LogEventsArgs }) args: LogEventsArgs,
  ): Promise<LogEventPage> {
    await this.roles.require(caller, 'READ_INTERNAL');
    const search = {
      stream: text(args.stream, 'stream'),
      streamPrefix: text(args.streamPrefix, 'streamPrefix'),
      types: typesOf(args.types),
      correlationId: text(args.correlationId, 'correlationId'),
    };
    const direction = directionOf(args);
    const page = await browseLog(this.log, search, direction, parseFirst(args.first)).catch(
      refused(direction),
    );
    return { ...page, events: page.events.map(logEventOf) };
  }

  @Query(() => LogEvent, {
    nullable: true,
    description:
      'One event by its id; null where there is none, or it is of an order that waits. Only for operators and auditors.',
  })
  async logEvent(
    @CallerSession() caller: SignedInSession,
    @Args('id', { type: () => UuidScalar }) id: string,
  ): Promise<LogEvent | null> {
    await this.roles.require(caller, 'READ_INTERNAL');
    const event = await this.tellable(id);
    return event === null ? null : logEventOf(event);
  }

  @Query(() => LogEventTree, {
    nullable: true,
    description:
      'An event with its causes and with all that came of the first of them; null as of `logEvent`. Only for operators and auditors.',
  })
  async logEventTree(
    @CallerSession() caller: SignedInSession,
    @Args('id', { type: () => UuidScalar }) id: string,
  ): Promise<LogEventTree | null> {
    await this.roles.require(caller, 'READ_INTERNAL');
    const event = await this.tellable(id);
    if (event === null) return null;
    const { nodes, ...tree } = await eventTree(this.log, event);
    return { ...tree, nodes: nodes.map(({ causeId, event: one }) => ({ causeId, event: logEventOf(one) })) };
  }

  private async tellable(id: string): Promise<RecordedEvent | null> {
    const { index, log } = this.log.stored;
    if (index.placeOf === undefined)
      throw new ApiError('INVALID_ARGUMENT', 'The log of this deployment keeps no index of ids', 'id');
    const event = await findEvent(log, index, { id: parseUuid(id, 'id') });
    return event === null ? null : ((await this.log.tellable([event]))[0] ?? null);
  }
}

function directionOf({ after, before }: LogEventsArgs): Direction {
  if (after === null || after === undefined) return { before: positionOf(before, 'before') };
  if (before !== null && before !== undefined)
    throw new ApiError('INVALID_ARGUMENT', 'after and before exclude each other', 'after');
  return { after: positionOf(after, 'after') ?? 0n };
}

/** @throws ApiError INVALID_ARGUMENT where the store finds no place of the log by this position */
const refused =
  (direction: Direction) =>
  (error: unknown): never => {
    if (!(error instanceof UnknownPositionError)) throw error;
    const field = 'after' in direction ? 'after' : 'before';
    throw new ApiError('INVALID_ARGUMENT', 'No event of the log is at this position', field);
  };

function positionOf(value: string | null | undefined, field: string): Position | null {
  if (value === null || value === undefined) return null;
  if (/^\d{1,18}$/.test(value)) return BigInt(value);
  throw new ApiError('INVALID_ARGUMENT', `${field} must be a position of the log`, field);
}

function text(value: string | null | undefined, field: string): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (value.length <= TEXT_CHARS_MAX) return value;
  throw new ApiError('INVALID_ARGUMENT', `${field} must have ${TEXT_CHARS_MAX} characters at most`, field);
}

function typesOf(types: readonly string[] | null | undefined): readonly string[] | null {
  if (types === null || types === undefined || types.length === 0) return null;
  if (types.length <= TYPES_MAX) return types;
  throw new ApiError('INVALID_ARGUMENT', `types must be ${TYPES_MAX} at most`, 'types', { max: TYPES_MAX });
}
