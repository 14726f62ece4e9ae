import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { EventStore } from '@abland/kernel';
import type { PersonalDataCipher } from '@abland/personal-data';
import { livenessOf } from '@abland/platform';
import type { FastifyReply } from 'fastify';
import type pg from 'pg';
import type { Registry } from 'prom-client';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import { PORT } from '../ports/ports.js';
import { addDriftMetrics } from './drift-metrics.js';
import type { LagReader } from './lag.js';
import { type HealthChecks, Readiness } from './readiness.js';
import type { StageWatch } from '../stages/stage-watch.js';

/** What probes and Prometheus ask. */
@Controller()
export class HealthController {
  private readonly readiness: Readiness;

  constructor(
    @Inject(PORT.pool) pool: pg.Pool,
    @Inject(PORT.readPool) readPool: pg.Pool,
    @Inject(PORT.log) log: EventStore,
    @Inject(PORT.progress) progress: LagReader,
    @Inject(PORT.stages) stages: StageWatch,
    @Inject(PORT.personalData) personalData: PersonalDataCipher,
    @Inject(PORT.metrics) private readonly registry: Registry,
    @Inject(ChainDirectory) chains: ChainDirectory,
    @Inject(PORT.healthChecks) others: HealthChecks,
  ) {
    const read = { pool, readPool, log, progress, stages, personalData };
    this.readiness = new Readiness({ ...read, chainIds: chains.ids, others });
    addDriftMetrics(registry, chains.ids, async (id) => (await progress.ofChain(id)).drifts);
  }

  /** The process lives and answers; says nothing of what it depends on. */
  @Get('health')
  health(): object {
    return livenessOf(process.uptime());
  }

  @Get('ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const { checks, degraded, ready } = await this.readiness.check();
    const status = !ready ? 'not ready' : degraded ? 'degraded' : 'ready';
    const body = JSON.stringify({ status, checks }, textBigints);
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
