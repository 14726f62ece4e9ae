import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { EventStore } from '@abland/kernel';
import type { FastifyReply } from 'fastify';
import type pg from 'pg';
import type { Registry } from 'prom-client';
import { ChainDirectory } from '../chains/chain-directory.js';
import { PORT } from '../ports/ports.js';
import type { ProgressReader } from './progress.js';
import { checkReadiness, type HealthChecks } from './readiness.js';

/** What probes and Prometheus ask. */
@Controller()
export class HealthController {
  constructor(
    @Inject(PORT.pool) private readonly pool: pg.Pool,
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.progress) private readonly progress: ProgressReader,
    @Inject(PORT.metrics) private readonly registry: Registry,
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.healthChecks) private readonly others: HealthChecks,
  ) {}

  /** The process lives and answers; says nothing of what it depends on. */
  @Get('health')
  health(): { status: string } {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const { pool, log, progress, others } = this;
    const chainIds = this.chains.ids;
    const { ready, checks } = await checkReadiness({ pool, log, progress, chainIds, others });
    const body = JSON.stringify({ status: ready ? 'ready' : 'not ready', checks }, textBigints);
    await reply
      .code(ready ? 200 : 503)
      .type('application/json')
      .send(body);
  }

  @Get('metrics')
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    await reply.type(this.registry.contentType).send(await this.registry.metrics());
  }
}

const textBigints = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;
