import type { FastifyInstance, FastifyReply } from 'fastify';
import { isProbe } from '../http/http-hooks.js';
import { networkOf } from '../rate-limits/network-address.js';
import { apiErrorCodes } from '../errors/codes.js';

export interface RequestTimes {
  /** Milliseconds from a request to its answer, whatever it waits for. */
  readonly answerMsMax: number;
  /** Milliseconds that a stop waits for the answers to what was asked before. */
  readonly stopMsMax: number;
}

/** What is begun at once; what is more is refused before it costs anything, so that what was begun is answered in time. */
export interface RequestBounds {
  readonly max: number;
  /** Of one network address: nobody alone takes every place. */
  readonly ofOneMax: number;
}

export const USUAL_IN_HAND = 400;
const SHARE_OF_ONE = 2;
export const requestBounds = (max: number): RequestBounds => ({
  max,
  ofOneMax: Math.max(1, Math.floor(max / SHARE_OF_ONE)),
});

const TIMES: RequestTimes = { answerMsMax: 18_000, stopMsMax: 8_000 };
const LOOK_AGAIN_MS = 20;

/** The requests that are being answered: each is answered or refused in time, and those that are when the API stops are finished. */
export class RequestsInHand {
  /** Those whose body has come, and from where: of one that is still being sent nobody knows whether it ends, and it costs nothing. */
  private readonly asked = new Map<FastifyReply, string>();
  private readonly ofNetwork = new Map<string, number>();
  private stopping = false;

  constructor(
    private readonly times: RequestTimes = TIMES,
    private readonly bounds: RequestBounds = requestBounds(USUAL_IN_HAND),
  ) {}

  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (_request, reply, done) => {
      if (this.stopping) return refuse(reply.header('connection', 'close'));
      const late = setTimeout(() => refuse(reply), this.times.answerMsMax);
      late.unref();
      // Of a client that is gone before it is answered, Fastify tells no response.
      reply.raw.once('close', () => {
        clearTimeout(late);
        this.end(reply);
      });
      done();
    });
    fastify.addHook('preHandler', (request, reply, done) => {
      if (isProbe(request.url)) return done();
      if (reply.raw.destroyed) return refuse(reply);
      const network = networkOf(request.ip);
      if (this.isFull(network)) return refuse(reply.header('retry-after', '1'));
      this.begin(reply, network);
      done();
    });
  }

  private isFull(network: string): boolean {
    return this.asked.size >= this.bounds.max || (this.ofNetwork.get(network) ?? 0) >= this.bounds.ofOneMax;
  }

  private begin(reply: FastifyReply, network: string): void {
    this.asked.set(reply, network);
    this.ofNetwork.set(network, (this.ofNetwork.get(network) ?? 0) + 1);
  }

  private end(reply: FastifyReply): void {
    const network = this.asked.get(reply);
    if (network === undefined) return;
    this.asked.delete(reply);
    const left = (this.ofNetwork.get(network) ?? 1) - 1;
    if (left === 0) this.ofNetwork.delete(network);
    else this.ofNetwork.set(network, left);
  }

  /** Refuses what is asked from now on; returns when all that was asked before is answered, or has been waited for long enough. */
  async finish(): Promise<void> {
    this.stopping = true;
    for (const until = performance.now() + this.times.stopMsMax; this.asked.size > 0;) {
      if (performance.now() > until) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }
}

function refuse(reply: FastifyReply): void {
  if (reply.sent) return;
  // Half an answer is out, and whoever asked takes no more of it: nothing else can be said on this connection.
  if (reply.raw.headersSent) return void reply.raw.destroy();
  const code = 'SERVICE_UNAVAILABLE';
  const correlationId = reply.getHeader('x-request-id') ?? null;
  const extensions = { code, field: null, details: {}, correlationId };
  const errors = [{ message: apiErrorCodes[code], extensions }];
  void reply.code(503).type('application/json').send(JSON.stringify({ errors }));
}
