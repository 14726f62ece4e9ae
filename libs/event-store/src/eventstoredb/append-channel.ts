import { randomUUID } from 'node:crypto';
import { EventStoreUnavailableError, type Revision } from '@abland/kernel';
import type { EventStoreDBClient } from '@eventstore/db-client';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsGrpcPb from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { CallOptions, ClientDuplexStream, Metadata } from '@grpc/grpc-js';
import timestampPb from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { readFailure, WrongVersion } from './append-failure.js';
import { EventStoreAccessError, toStoreError } from './errors.js';
import { readUuid } from './uuid.js';

type Request = InstanceType<typeof streamsPb.BatchAppendReq>;
type Response = InstanceType<typeof streamsPb.BatchAppendResp>;
type ProposedMessage = InstanceType<typeof streamsPb.BatchAppendReq.ProposedMessage>;
type BatchStream = ClientDuplexStream<Request, Response>;

/** What the client keeps for its own commands: discovery, reconnection and credentials stay with it. */
interface ClientCalls {
  GRPCStreamCreator(
    service: typeof streamsGrpcPb.StreamsClient,
    name: string,
    create: (client: InstanceType<typeof streamsGrpcPb.StreamsClient>) => BatchStream,
  ): () => Promise<BatchStream>;
  callArguments(options: object, callOptions: CallOptions): [Metadata, CallOptions];
}

export interface Written {
  readonly revision: Revision;
  readonly position: bigint;
}

interface Pending {
  readonly stream: string;
  readonly resolve: (written: Written) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * The deadline of an append is a time of the server's clock, which may be far from ours. So it is set beyond any difference of clocks: the
 * server has a limit of its own, of seconds, and takes the earlier one.
 */
const DEADLINE_MS = 7 * 24 * 3_600_000;
/** The server answers within its own limit; longer silence means that nobody is there. */
const SILENCE_MS = 15_000;

/**
 * Batch appends over one gRPC stream. The client's own `appendToStream` keeps one table of waiting callers for the whole
 * process and writes from within a promise's executor: when a server goes away it rejects callers of other connections and
 * raises unhandled rejections, which end a Node process. Here each stream has its own table and late answers are let go.
 */
export class AppendChannel {
  private current: Promise<OpenStream> | null = null;

  /** @param requireLog asked of every server that is connected to, before anything is written there; absent: any will do */
  constructor(
    private readonly client: EventStoreDBClient,
    private readonly requireLog: () => Promise<void> = () => Promise.resolve(),
  ) {}

  /** @throws WrongVersion where the stream is elsewhere; EventStoreUnavailableError where the outcome is unknown. */
  async append(
    stream: string,
    messages: readonly ProposedMessage[],
    expected: Revision | 'no_stream',
  ): Promise<Written> {
    const open = await this.open();
    return open.append(stream, messages, expected);
  }

  private open(): Promise<OpenStream> {
    this.current ??= this.connect().catch((error: unknown) => {
      this.current = null;
      throw toStoreError(error, 'an append');
    });
    return this.current;
  }

  private async connect(): Promise<OpenStream> {
    const calls = this.client as unknown as ClientCalls;
    const stream = await calls.GRPCStreamCreator(streamsGrpcPb.StreamsClient, 'append', (client) =>
      client.batchAppend(...calls.callArguments({ requiresLeader: true }, { deadline: Infinity })),
    )();
    const open = new OpenStream(stream, () => (this.current = null));
    try {
      // After it was opened, and on its connection: a server that comes later ends it.
      await this.requireLog();
    } catch (error) {
      open.end();
      throw error;
    }
    return open;
  }
}

class OpenStream {
  private readonly pending = new Map<string, Pending>();
  private failure: unknown = null;

  constructor(
    private readonly stream: BatchStream,
    onEnd: () => void,
  ) {
    const end = (error: unknown): void => {
      onEnd();
      this.fail(error);
    };
    stream.on('data', (response) => this.onAnswer(response));
    stream.on('error', end);
    stream.on('end', () => end(null));
    stream.on('close', () => end(null));
  }

  append(
    stream: string,
    messages: readonly ProposedMessage[],
    expected: Revision | 'no_stream',
  ): Promise<Written> {
    if (this.failure !== null) return Promise.reject(this.failure);
    const correlationId = randomUUID();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.pending.delete(correlationId);
        reject(
          new EventStoreUnavailableError('EventStoreDB did not answer an append; it may be repeated', {
            stream,
          }),
        );
      }, SILENCE_MS);
      this.pending.set(correlationId, { stream, resolve, reject, timer });
      this.stream.write(toRequest(correlationId, stream, messages, expected));
    });
  }

  end(): void {
    this.stream.end();
  }

  private onAnswer(response: Response): void {
    const correlationId = readUuid(response.getCorrelationId());
    const caller = this.pending.get(correlationId);
    if (caller === undefined) return;
    this.pending.delete(correlationId);
    clearTimeout(caller.timer);
    const success = response.getSuccess();
    if (success === undefined) return caller.reject(readFailure(response, caller.stream));
    const revision = BigInt(success.getCurrentRevision());
    const position = success.getPosition();
    // A repetition may be answered without its place, which the stream tells.
    if (position === undefined) return caller.reject(new WrongVersion(revision));
    caller.resolve({ revision, position: BigInt(position.getCommitPosition()) });
  }

  /** Whatever ended the stream (another node leads now, say), what was under way may be stored or not. */
  private fail(cause: unknown): void {
    const known = toStoreError(cause, 'an append');
    this.failure ??=
      known instanceof EventStoreAccessError
        ? known
        : new EventStoreUnavailableError('EventStoreDB ended the connection for appends', {}, cause);
    for (const { reject, timer } of this.pending.values()) {
      clearTimeout(timer);
      reject(this.failure);
    }
    this.pending.clear();
  }
}

function toRequest(
  correlationId: string,
  stream: string,
  messages: readonly ProposedMessage[],
  expected: Revision | 'no_stream',
): Request {
  const identifier = new sharedPb.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream, 'utf8'));
  const options = new streamsPb.BatchAppendReq.Options();
  options.setStreamIdentifier(identifier);
  options.setDeadline(timestampPb.Timestamp.fromDate(new Date(Date.now() + DEADLINE_MS)));
  if (expected === 'no_stream') options.setNoStream(new sharedPb.Empty() as never);
  else options.setStreamPosition(expected.toString());
  const correlation = new sharedPb.UUID();
  correlation.setString(correlationId);
  const request = new streamsPb.BatchAppendReq();
  request.setCorrelationId(correlation);
  request.setOptions(options);
  request.setProposedMessagesList([...messages]);
  request.setIsFinal(true);
  return request;
}
