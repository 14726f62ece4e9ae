import type { FastifyInstance, FastifyReply } from 'fastify';
import { apiErrorCodes } from '../errors/codes.js';

export interface RequestTimes {
  /** Milliseconds from a request to its answer, whatever it waits for. */
  readonly answerMsMax: number;
  /** Milliseconds that a stop waits for the answers to what was asked before. */
  readonly stopMsMax: number;
}

const TIMES: RequestTimes = { answerMsMax: 18_000, stopMsMax: 8_000 };
const LOOK_AGAIN_MS = 20;

/** The requests that are being answered: each is answered or refused in time, and those that are when the API stops are finished. */
export class RequestsInHand {
  /** Those whose body has come: of one that is still being sent nobody knows whether it ends. */
  private readonly asked = new Set<FastifyReply>();
  private readonly timers = new WeakMap<FastifyReply, NodeJS.Timeout>();
  private stopping = false;

  constructor(private readonly times: RequestTimes = TIMES) {}

  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (_request, reply, done) => {
      if (this.stopping) return refuse(reply.header('connection', 'close'));
      const late = setTimeout(() => refuse(reply), this.times.answerMsMax);
      late.unref();
      this.timers.set(reply, late);
      done();
    });
    fastify.addHook('preHandler', (_request, reply, done) => {
      this.asked.add(reply);
      done();
    });
    fastify.addHook('onResponse', (_request, reply, done) => {
      clearTimeout(this.timers.get(reply));
      this.asked.delete(reply);
      done();
    });
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
