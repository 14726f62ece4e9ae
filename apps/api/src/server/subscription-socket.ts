import type { IncomingMessage, Server } from 'node:http';
import proxyAddr, { compile } from '@fastify/proxy-addr';
import { type Clock, type Logger, Outages, within } from '@abland/kernel';
import { CloseCode, type ServerOptions } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import {
  type DocumentNode,
  type ExecutionArgs,
  type FormattedExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql';
import { v4 as uuidv4 } from 'uuid';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ApiContext } from '../context/api-context.js';
import type { Loaders } from '../context/loaders.js';
import { checkLimits, PARSE_OPTIONS, type QueryLimits } from '../graphql/limits.js';
import { checkVariables } from '../graphql/variables-check.js';
import { countMessage, countOperation, type RateRules } from '../rate-limits/limit-operations.js';
import { networkOf } from '../rate-limits/network-address.js';
import { GRAPHQL_PATH } from '../http/graphql-path.js';
import { runInRequest } from '../http/request-context.js';
import { Strangers } from '../subscriptions/strangers.js';
import { SOCKET_CLOSE, type SubscriberSocket } from '../subscriptions/subscriber-socket.js';
import type { SubscriptionLimits } from '../subscriptions/subscription-limits.js';
import { once } from '../sessions/once.js';
import type { TrustedDocuments } from '../trusted-documents/trusted-documents.js';
import { ownerOf, type Sessions, type SignedInSession } from '../sessions/session.js';
import type { Closing, SessionWatch } from '../sessions/session-watch.js';

export interface SubscriptionSocketOptions {
  readonly schema: GraphQLSchema;
  readonly sessions: Sessions;
  readonly watch: SessionWatch;
  readonly limits: SubscriptionLimits;
  readonly queryLimits: QueryLimits;
  readonly trusted: TrustedDocuments;
  readonly loaders: () => Loaders;
  readonly formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  readonly rates: RateRules;
  readonly trustedProxies: readonly string[];
  readonly logger: Logger;
  readonly clock: Clock;
}

const CLOSING: Readonly<Record<Closing, string>> = {
  SESSION_ENDED: 'The session ended',
  ROLE_REVOKED: 'A role was revoked',
};

/** What is known of a socket from its acknowledgement on. */
type Known = { correlationId: string; session: SignedInSession; network: string; forget: () => void };
type Socket = Extra & Partial<Known>;
/** What is known of a socket before anything came on it. */
interface Accepted {
  readonly network: string;
  /** Rejects where its network opened too many in a while. */
  readonly counted: Promise<void>;
  /** Gives back the place that it has among those of which it is not known whose they are. */
  readonly letIn: () => void;
}
type Connected = { readonly extra: Socket; readonly subscriptions: object };

const MESSAGE_BYTES_MAX = 64 * 1024;
/** Messages and pings of one socket, whatever they say: far more than of whoever follows as much as is allowed. */
const MESSAGES_PER_WINDOW = 1_000;
const WINDOW_MS = 60_000;
const INIT_WITHIN_MS = 5_000;
const CLOSE_WITHIN_MS = 1_000;
const TIMEOUT_MS_MAX = 2 ** 31 - 1;
/** `Try again later`, of RFC 6455's registry. */
const TRY_LATER = 1013;

/** Serves subscriptions by graphql-ws, to signed-in callers alone. Returns what ends it and every socket of it. */
export function serveSubscriptions(http: Server, options: SubscriptionSocketOptions): () => Promise<void> {
  const sockets = new WebSocketServer({
    ...{ server: http, path: GRAPHQL_PATH, maxPayload: MESSAGE_BYTES_MAX },
    // Whoever says no goodbye takes a place no longer than this; the types do not know it.
    ...{ closeTimeout: CLOSE_WITHIN_MS },
  });
  const subscriptions = new SubscriptionServer(options);
  sockets.on('connection', (socket, request) => {
    boundMessages(socket);
    if (sockets.clients.size > options.limits.socketsMax) socket.close(TRY_LATER, 'Too many connections');
    else subscriptions.accept(socket, request);
  });
  useServer<Record<string, unknown>, Known>(subscriptions.options(), sockets);
  const broken = new Outages({
    logger: options.logger,
    message: 'subscribers’ sockets are broken',
    level: 'info',
  });
  sockets.on('connection', (socket) => {
    // Whatever a client breaks of WebSocket ends its socket: in place of a stack trace on the console, a line in the log.
    socket.removeAllListeners('error');
    socket.on('error', (error) => broken.note(null, { reason: error.message }, 'broken'));
  });
  return () => endAll(sockets);
}

/** Ends the socket of who sends without end. Until its client says goodbye as well it may go on sending, but not for long. */
function boundMessages(socket: WebSocket): void {
  let [since, count] = [performance.now(), 0];
  const came = (): void => {
    const now = performance.now();
    if (now - since > WINDOW_MS) [since, count] = [now, 0];
    count += 1;
    if (count === MESSAGES_PER_WINDOW + 1) socket.close(TRY_LATER, 'Too many messages in a while');
    if (count > 2 * MESSAGES_PER_WINDOW) socket.terminate();
  };
  socket.on('message', came);
  socket.on('ping', came);
}

async function endAll(sockets: WebSocketServer): Promise<void> {
  const clients = [...sockets.clients];
  for (const client of clients) client.close(SOCKET_CLOSE.GOING_AWAY, 'Going away');
  const late = setTimeout(() => clients.forEach((client) => client.terminate()), CLOSE_WITHIN_MS);
  const closed = clients.map(
    (client) =>
      new Promise<void>((resolve) => {
        if (client.readyState === client.CLOSED) resolve();
        else client.once('close', () => resolve());
      }),
  );
  await Promise.all(closed);
  clearTimeout(late);
  await new Promise<void>((resolve) => sockets.close(() => resolve()));
}

class SubscriptionServer {
  private readonly isTrusted: ReturnType<typeof compile>;
  private readonly strangers: Strangers;
  private readonly accepted = new WeakMap<Socket['socket'], Accepted>();
  private readonly notAdmitted: Outages;
  private readonly notLookedAt: Outages;

  constructor(private readonly given: SubscriptionSocketOptions) {
    this.isTrusted = compile([...given.trustedProxies]);
    this.strangers = new Strangers(given.limits);
    const { logger } = given;
    this.notAdmitted = new Outages({ logger, message: 'subscribers could not be admitted' });
    this.notLookedAt = new Outages({
      logger,
      message: 'sessions could not be looked at: their sockets are closed',
    });
  }

  /** Counts it from now on, whether it ever says whose it is or not; graphql-ws ends it where it does not in time. */
  accept(socket: WebSocket, request: IncomingMessage): void {
    // Whoever has gone already has no address any more.
    if (request.socket.remoteAddress === undefined) return socket.terminate();
    const network = networkOf(proxyAddr(request, this.isTrusted));
    const letIn = this.strangers.take(network);
    if (letIn === null) return socket.close(TRY_LATER, 'Too many connections that say nothing');
    socket.once('close', letIn);
    const counted = countMessage(this.given.rates, network);
    counted.catch((error: unknown) => this.refuse(socket, error));
    this.accepted.set(socket, { network, counted, letIn });
  }

  options(): ServerOptions<Record<string, unknown>, Socket> {
    const { schema } = this.given;
    return {
      schema,
      connectionInitWaitTimeout: INIT_WITHIN_MS,
      onConnect: ({ connectionParams, extra }) => this.connect(extra, connectionParams?.['authorization']),
      onClose: ({ extra }) => extra.forget?.(),
      onSubscribe: (context, _id, payload) => this.subscribe(context, payload),
      onNext: ({ extra }, _id, _payload, _args, result) => {
        const errors = result.errors?.map((error) => this.told(extra, error));
        return errors === undefined ? undefined : ({ ...result, errors } as FormattedExecutionResult);
      },
      onError: ({ extra }, _id, _payload, errors) =>
        errors.map((error) => this.told(extra, error as GraphQLError)),
    };
  }

  /** A refused client's socket is closed with 4403; where it is not known who it is, with 1013. */
  private async connect(extra: Socket, authorization: unknown): Promise<boolean> {
    const accepted = this.accepted.get(extra.socket);
    if (accepted === undefined) return false; // it is being closed
    try {
      extra.network = accepted.network;
      await accepted.counted;
    } catch {
      return false; // told where it was counted
    }
    try {
      const isIn = typeof authorization === 'string' && (await this.admit(extra, authorization));
      if (isIn) accepted.letIn();
      return isIn;
    } catch (error) {
      this.refuse(extra.socket, error);
      return false;
    }
  }

  private refuse(socket: Pick<WebSocket, 'close'>, error: unknown): void {
    if (error instanceof GraphQLError) return socket.close(TRY_LATER, 'Too many connections in a while');
    this.notAdmitted.note(error);
    socket.close(TRY_LATER, 'Try again later');
  }

  private async admit(extra: Socket, authorization: string): Promise<boolean> {
    const { limits, sessions, watch } = this.given;
    await within(INIT_WITHIN_MS, 'following the ends of sessions', watch.ready);
    const session = await sessions.read(authorization);
    if (session.kind !== 'signed-in') return false;
    if (watch.countOf(session.address) >= limits.socketsPerPersonMax) {
      extra.socket.close(TRY_LATER, 'Too many connections of one person');
      return false;
    }
    const forget = this.endWith(session, extra.socket);
    Object.assign(extra, { session, correlationId: uuidv4(), forget });
    if (extra.socket.readyState !== extra.socket.OPEN) forget(); // it went meanwhile: its end was told already
    // Of an end after the first look, and before anybody listened, nobody was told.
    return (await sessions.goodUntil(session)) !== null;
  }

  /**
   * Closes the socket when its session ends, or is not refreshed while its access token is good. Returns what lets go of it.
   */
  private endWith(session: SignedInSession, socket: Socket['socket']): () => void {
    const { clock, sessions, watch } = this.given;
    const { TOKEN_EXPIRED } = SOCKET_CLOSE;
    let isOver = false;
    let expiry: NodeJS.Timeout | undefined;
    const end = (why: Closing): void => socket.close(SOCKET_CLOSE[why], CLOSING[why]);
    const lookAt = (time: number): void => {
      if (isOver) return;
      expiry = setTimeout(() => void look(), Math.min(Math.max(0, time - clock()), TIMEOUT_MS_MAX));
    };
    const look = async (): Promise<void> => {
      const until = await sessions.goodUntil(session).catch((error: unknown) => {
        this.notLookedAt.note(error);
        return 0;
      });
      if (until === null) end('SESSION_ENDED');
      else if (until > clock()) lookAt(until);
      else socket.close(TOKEN_EXPIRED, 'The access token expired');
    };
    lookAt(session.expiresAt.getTime());
    const unlisten = watch.listen(session, end);
    return () => {
      isOver = true;
      clearTimeout(expiry);
      unlisten();
    };
  }

  private async subscribe(
    { extra, subscriptions }: Connected,
    payload: {
      readonly query: string;
      readonly variables?: Record<string, unknown> | null | undefined;
      readonly operationName?: string | null | undefined;
    },
  ): Promise<ExecutionArgs | GraphQLError[]> {
    const { schema, limits } = this.given;
    if (Object.keys(subscriptions).length > limits.followingMax) {
      extra.socket.close(CloseCode.TooManyInitialisationRequests, 'Too many subscriptions');
    }
    try {
      await countMessage(this.given.rates, extra.network ?? '');
      const document = parsed(payload.query);
      const faults = validate(schema, document);
      if (faults.length > 0) return faults.map(invalid);
      const variableValues = payload.variables ?? {};
      const operation = this.check(document, payload.operationName, variableValues);
      const contextValue = this.contextOf(extra);
      await countOperation(this.given.rates, { schema, document, operation }, contextValue);
      const args = { schema, document, variableValues, contextValue };
      return payload.operationName ? { ...args, operationName: payload.operationName } : args;
    } catch (error) {
      return [error instanceof GraphQLError ? error : causedBy(error)];
    }
  }

  /** What Apollo's plugins check over HTTP. @throws GraphQLError */
  private check(
    document: DocumentNode,
    name: string | null | undefined,
    variables: Readonly<Record<string, unknown>>,
  ): OperationDefinitionNode {
    const operation = getOperationAST(document, name);
    if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) {
      throw new GraphQLError('Only subscriptions are served by this socket', {
        extensions: { code: 'BAD_REQUEST' },
      });
    }
    this.given.trusted.require(document);
    checkLimits(this.given.queryLimits, this.given.schema, document, operation, variables);
    checkVariables(this.given.schema, operation, variables);
    return operation;
  }

  /** The loaders are new for each answer: what they remember is that of one moment. */
  private contextOf({ correlationId = '', network = '', session, socket }: Socket): ApiContext {
    const { loaders, sessions } = this.given;
    const connection: SubscriberSocket = {
      close: (reason) => {
        this.given.logger.info({ correlationId, reason }, 'a subscriber’s socket is closed');
        socket.close(SOCKET_CLOSE[reason], reason);
      },
    };
    return {
      session: once(async () =>
        session === undefined ? { kind: 'anonymous', reason: 'MISSING' } : sessions.goOn(session),
      ),
      // How often a key may ask may be another by now than when it connected.
      caller: once(async () => {
        const isKeys = session !== undefined && session.key !== null;
        return ownerOf(isKeys ? await sessions.goOn(session).catch(() => session) : (session ?? null));
      }),
      network,
      correlationId,
      connection,
      confirm: null,
      sharing: null,
      get loaders() {
        return loaders();
      },
    };
  }

  private told({ correlationId = '' }: Socket, error: GraphQLError): GraphQLFormattedError {
    const request = { correlationId, operation: null, errorCodes: [] };
    return runInRequest(request, () => this.given.formatError(error.toJSON(), error.originalError ?? error));
  }
}

/** @throws GraphQLError */
function parsed(text: string): DocumentNode {
  try {
    return parse(text, PARSE_OPTIONS);
  } catch (error) {
    throw new GraphQLError(error instanceof Error ? error.message : 'Not GraphQL', {
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
    });
  }
}

const invalid = (error: GraphQLError): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  });

/** What it is told as is for the formatter to say, as over HTTP. */
const causedBy = (error: unknown): GraphQLError =>
  new GraphQLError('Internal error', {
    originalError: error instanceof Error ? error : new Error(String(error)),
  });
