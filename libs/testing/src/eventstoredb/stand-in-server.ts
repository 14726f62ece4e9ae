import { freePort } from '../free-port.js';
import serverFeaturesGrpcPb from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import serverFeaturesPb from '@eventstore/db-client/generated/serverfeatures_pb.js';
import streamsGrpcPb from '@eventstore/db-client/generated/streams_grpc_pb.js';
import {
  Metadata,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  status,
} from '@grpc/grpc-js';
import { StandInLog, type StandInRecord } from './stand-in-log.js';
import {
  badRequestResponse,
  batchResponse,
  type BatchRequest,
  type BatchResponse,
  confirmationResponse,
  deadlineOf,
  eventResponse,
  expectationOf,
  notFoundResponse,
  notHandledResponse,
  proposedOf,
  type ReadRequest,
  type ReadResponse,
  streamOf,
  timeoutResponse,
  unknownResponse,
  withoutPosition,
} from './stand-in-messages.js';

type ReadCall = ServerWritableStream<ReadRequest, ReadResponse>;
type ReadOptions = NonNullable<ReturnType<ReadRequest['getOptions']>>;

/** How the next append is answered: not stored and so said, not stored and the call ended, or stored and told no position. */
export type AppendFault = 'busy' | 'unknown' | 'bad-request' | 'ended' | 'no-position';

interface LiveReader {
  readonly call: ReadCall;
  readonly wants: (record: StandInRecord) => boolean;
}

/**
 * A stand-in for EventStoreDB, not the real one: the client's own protocol, answered from memory as a real server was seen
 * to answer, so that faults can be had on demand where no server runs.
 */
export class StandInServer {
  private log = new StandInLog();
  private server: Server | null = null;
  /** Records that were sent to readers. */
  recordsRead = 0;
  private readonly live = new Set<LiveReader>();
  private clockAheadMs = 0;
  private refusing = false;
  private readonly deleted = new Set<string>();
  /** Appends are stored and the connection is lost before they are answered. */
  private answersLost = 0;
  /** Reads that are taken and never answered. */
  private readsHeld = 0;
  private notReady = false;
  private faultOfNext: AppendFault | null = null;
  /** Of the node that leads where this one only follows. */
  private leaderPort: number | null = null;

  private constructor(private readonly port: number) {}

  static async start(): Promise<StandInServer> {
    const standIn = new StandInServer(await freePort());
    await standIn.listen();
    return standIn;
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  /** Its own events are not counted. */
  get eventsStored(): number {
    return this.log.records.filter(({ stream }) => !stream.startsWith('$')).length;
  }

  /** Ends as by SIGKILL: connections break, what was stored stays, what was cached does not. */
  kill(): void {
    this.server?.forceShutdown();
    this.server = null;
    this.live.clear();
    this.log.forgetCache();
  }

  async listen(): Promise<void> {
    const server = new Server();
    server.addService(serverFeaturesGrpcPb.ServerFeaturesService as never, {
      getSupportedMethods: (call: ServerUnaryCall<unknown, unknown>, reply: sendUnaryData<unknown>) =>
        this.features(call, reply),
    });
    server.addService(streamsGrpcPb.StreamsService as never, {
      batchAppend: (call: ServerDuplexStream<BatchRequest, BatchResponse>) => this.batchAppend(call),
      read: (call: ReadCall) => this.read(call),
    });
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${this.port}`, ServerCredentials.createInsecure(), (error) =>
        error === null ? resolve() : reject(error),
      );
    });
    this.server = server;
  }

  holdReads(count: number): void {
    this.readsHeld = count;
  }

  loseAnswers(count: number): void {
    this.answersLost = count;
  }

  /** Another node of the cluster, with all that this one has and will have. */
  async startFollower(): Promise<StandInServer> {
    const follower = await StandInServer.start();
    follower.log = this.log;
    follower.leaderPort = this.port;
    return follower;
  }

  /** As a follower that has nothing of the log yet. */
  forgetEvents(): void {
    this.log = new StandInLog();
  }

  /** From now on the other node leads, and this one follows. */
  giveWayTo(follower: StandInServer): void {
    follower.leaderPort = null;
    this.leaderPort = follower.port;
  }

  /** Against its limit of an append: versions differ in that. */
  countMetadata(): void {
    this.log.countsMetadata = true;
  }

  failNextAppend(fault: AppendFault): void {
    this.faultOfNext = fault;
  }

  writeOfItsOwn(count: number): void {
    this.log.storeOwn(count);
  }

  takeAwayItsOwn(): void {
    this.log.takeAwayOwn();
  }

  /** Of the server against its clients. */
  setClockAhead(ms: number): void {
    this.clockAheadMs = ms;
  }

  /** As to a client whose password is wrong. */
  refuseReads(): void {
    this.refusing = true;
  }

  /** As an operator does, for good. */
  deleteStream(name: string): void {
    this.deleted.add(name);
  }

  setReady(ready: boolean): void {
    this.notReady = !ready;
  }

  /** As a consumer is dropped that lags by 32 live events. */
  dropSlowConsumers(): number {
    const dropped = this.live.size;
    for (const { call } of this.live) {
      call.emit('error', {
        code: status.ABORTED,
        details: 'Consumer too slow to handle event while live. Client resubscription required.',
      });
    }
    this.live.clear();
    return dropped;
  }

  /** Ends, and comes again with a database that was deleted and made anew. */
  async recreate(): Promise<void> {
    this.kill();
    this.log = new StandInLog();
    await this.listen();
  }

  private features(_: unknown, reply: sendUnaryData<unknown>): void {
    const supported = new serverFeaturesPb.SupportedMethods();
    const method = new serverFeaturesPb.SupportedMethod();
    method.setServiceName('event_store.client.streams.Streams');
    method.setMethodName('batchappend');
    supported.setMethodsList([method]);
    supported.setEventStoreServerVersion('stand-in');
    reply(null, supported);
  }

  private batchAppend(call: ServerDuplexStream<BatchRequest, BatchResponse>): void {
    call.on('error', () => undefined); // the client went away
    call.on('data', (request: BatchRequest) => {
      if (this.refusesToLead(call)) return;
      if (this.notReady) {
        call.write(notHandledResponse(request, 'Server Is Not Ready'));
        return;
      }
      const fault = this.faultOfNext;
      this.faultOfNext = null;
      if (fault === 'busy') return void call.write(notHandledResponse(request, 'Server Is Busy'));
      if (fault === 'unknown') return void call.write(unknownResponse(request));
      if (fault === 'ended') {
        call.emit('error', { code: status.UNKNOWN, details: 'Exception was thrown by handler.' });
        return;
      }
      if (fault === 'bad-request') return void call.write(badRequestResponse(request, 'a reason'));
      if (deadlineOf(request) < Date.now() + this.clockAheadMs)
        return void call.write(timeoutResponse(request));
      const outcome = this.log.append(streamOf(request), proposedOf(request), expectationOf(request));
      if (outcome.kind === 'stored' && outcome.fresh) this.tellLive(streamOf(request), outcome.revision);
      if (this.answersLost > 0) {
        this.answersLost -= 1;
        call.emit('error', { code: status.UNAVAILABLE, details: 'Connection dropped' });
        return;
      }
      const answer = batchResponse(request, outcome);
      call.write(fault === 'no-position' ? withoutPosition(answer) : answer);
    });
    call.on('end', () => call.end());
  }

  /** A follower that is asked for what only the leader may do ends the call and says who leads. */
  private refusesToLead(call: ServerDuplexStream<BatchRequest, BatchResponse> | ReadCall): boolean {
    if (this.leaderPort === null || call.metadata.get('requires-leader')[0] !== 'true') return false;
    const metadata = new Metadata();
    metadata.set('exception', 'not-leader');
    metadata.set('leader-endpoint-host', '127.0.0.1');
    metadata.set('leader-endpoint-port', String(this.leaderPort));
    call.emit('error', { code: status.NOT_FOUND, details: 'Leader info available', metadata });
    return true;
  }

  private tellLive(stream: string, upTo: bigint): void {
    const record = this.log.streams.get(stream)?.[Number(upTo)];
    if (record === undefined) return;
    for (const { call, wants } of this.live) if (wants(record)) call.write(eventResponse(record));
  }

  private read(call: ReadCall): void {
    const options = call.request.getOptions();
    if (options === undefined) return void call.end();
    if (this.refusesToLead(call)) return;
    if (this.refusing) {
      const metadata = new Metadata();
      metadata.set('exception', 'access-denied');
      call.emit('error', { code: status.PERMISSION_DENIED, details: 'Access Denied', metadata });
      return;
    }
    if (options.hasSubscription()) return this.subscribe(call, options);
    if (this.readsHeld > 0) return void (this.readsHeld -= 1);
    const records = options.hasStream() ? this.selectStream(call, options) : this.selectAll(call, options);
    if (records === null) return;
    const count = Math.min(Number(options.getCount()), records.length);
    this.recordsRead += count;
    for (const record of records.slice(0, count)) call.write(eventResponse(record));
    call.end();
  }

  /** Live from the end only, which is all that the adapter asks for. */
  private subscribe(call: ReadCall, options: ReadOptions): void {
    const filter = options.getFilter();
    const prefixes = filter?.getStreamIdentifier()?.getPrefixList() ?? [];
    const regex = filter?.getEventType()?.getRegex() ?? '';
    const reader: LiveReader = {
      call,
      wants: ({ stream, type }) =>
        (prefixes.length === 0 || prefixes.some((prefix) => stream.startsWith(prefix))) &&
        (regex === '' || new RegExp(regex).test(type)),
    };
    this.live.add(reader);
    call.on('cancelled', () => this.live.delete(reader));
    call.on('error', () => this.live.delete(reader));
    call.write(confirmationResponse());
  }

  private selectStream(call: ReadCall, options: ReadOptions): readonly StandInRecord[] | null {
    const wanted = options.getStream();
    const name = Buffer.from(wanted?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8');
    if (this.deleted.has(name)) {
      const metadata = new Metadata();
      metadata.set('exception', 'stream-deleted');
      metadata.set('stream-name', name);
      call.emit('error', {
        code: status.FAILED_PRECONDITION,
        details: `Event stream '${name}' is deleted.`,
        metadata,
      });
      return null;
    }
    const records = this.log.streams.get(name);
    if (records === undefined) {
      call.write(notFoundResponse(name));
      call.end();
      return null;
    }
    const backward = options.getReadDirection() === 1;
    if (wanted?.hasRevision() !== true) return backward ? records.toReversed() : records;
    const from = BigInt(wanted.getRevision());
    return backward
      ? records.filter(({ revision }) => revision <= from).reverse()
      : records.filter(({ revision }) => revision >= from);
  }

  /** From a position forward includes it, backward does not; a position that no event has fails unless it is beyond the end. */
  private selectAll(call: ReadCall, options: ReadOptions): readonly StandInRecord[] | null {
    const { records } = this.log;
    const backward = options.getReadDirection() === 1;
    const position = options.getAll()?.getPosition();
    if (position === undefined) return backward ? records.toReversed() : records;
    const from = BigInt(position.getCommitPosition());
    const beyond = from > (records.at(-1)?.position ?? 0n);
    if (!beyond && !records.some((record) => record.position === from)) {
      call.emit('error', { code: status.UNKNOWN, details: 'Unexpected ReadAllResult' });
      return null;
    }
    return backward
      ? records.filter((record) => record.position < from).reverse()
      : records.filter((record) => record.position >= from);
  }
}
