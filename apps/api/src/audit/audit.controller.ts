import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { EntriesWithheldError, LogRewrittenError } from '@abland/audit';
import { parseTilePath } from '@abland/audit-verify';
import { type Logger, Outages } from '@abland/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ApiErrorCode, apiErrorCodes } from '../errors/codes.js';
import { httpAnswer, NOTHING_THERE } from '../errors/http-refusal.js';
import { currentCorrelationId } from '../http/request-context.js';
import { PORT } from '../ports/ports.js';
import type { PublishedLog } from './published-log.js';

const compress = promisify(gzip);
const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';
const FOR_GOOD = 'public, max-age=31536000, immutable';
const NOT_KEPT = 'no-store';

/** The log's tree of hashes, as C2SP's tlog-tiles say. */
@Controller('log')
export class AuditController {
  private readonly changed: Outages;

  constructor(
    @Inject(PORT.publishedLog) private readonly log: PublishedLog,
    @Inject(PORT.logger) logger: Logger,
  ) {
    this.changed = new Outages({ logger, message: 'the log was changed', level: 'error' });
  }

  @Get('checkpoint')
  async checkpoint(@Res() reply: FastifyReply): Promise<void> {
    const head = await this.log.tree.head();
    await send(reply, head?.checkpoint ?? null, TEXT, 'no-cache');
  }

  /** A line each, the newest first: C2SP signed-note, verifier keys. */
  @Get('verifier-key')
  async verifierKey(@Res() reply: FastifyReply): Promise<void> {
    await send(reply, await this.log.tree.verifierKeys(), TEXT, 'no-cache');
  }

  /** Hashes, or entries. */
  @Get('tile/*')
  async tile(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const name = parseTilePath(request.url.slice('/log/'.length));
    if (name === null) return send(reply, null, BYTES, NOT_KEPT);
    const { level, number, width } = name;
    if (level !== 'entries') {
      const hashes = await this.log.tree.tile({ level, number, width });
      return send(reply, hashes, BYTES, FOR_GOOD);
    }
    await this.sendEntries(request, reply, () => this.log.tree.bundle({ number, width }));
  }

  /** An event's envelope that is too large for an entry, which names it by its hash. */
  @Get('envelope/:sha256')
  async envelope(
    @Param('sha256') sha256: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!/^[0-9a-f]{64}$/.test(sha256)) return send(reply, null, BYTES, NOT_KEPT);
    await this.sendEntries(request, reply, () => this.log.tree.envelope(Buffer.from(sha256, 'hex')));
  }

  private async sendEntries(
    request: FastifyRequest,
    reply: FastifyReply,
    read: () => Promise<Uint8Array | string | null>,
  ): Promise<void> {
    try {
      const bytes = await read();
      void reply.header('vary', 'accept-encoding');
      const compressed = bytes !== null && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
      if (compressed) void reply.header('content-encoding', 'gzip');
      await send(reply, compressed ? await compress(bytes) : bytes, BYTES, FOR_GOOD);
    } catch (error) {
      if (error instanceof EntriesWithheldError) return refuse(reply, 404, error.code);
      if (!(error instanceof LogRewrittenError)) throw error;
      this.changed.note(error);
      await refuse(reply, 500, error.code);
    }
  }
}

async function send(
  reply: FastifyReply,
  content: string | Uint8Array | null,
  type: string,
  kept: string,
): Promise<void> {
  if (content === null) {
    const { status, ...told } = NOTHING_THERE;
    return answer(reply, status, httpAnswer(told, currentCorrelationId()));
  }
  const body = typeof content === 'string' ? content : Buffer.from(content);
  await reply.type(type).header('cache-control', kept).send(body);
}

function refuse(reply: FastifyReply, status: number, code: ApiErrorCode): Promise<void> {
  const told = { code, message: apiErrorCodes[code], details: {} };
  return answer(reply, status, httpAnswer(told, currentCorrelationId()));
}

async function answer(reply: FastifyReply, status: number, body: string): Promise<void> {
  await reply.code(status).type('application/json').header('cache-control', NOT_KEPT).send(body);
}
