import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { API } from '../server/dependencies.js';
import type { ApiServices } from '../server/services.js';
import { checkReadiness } from './readiness.js';

/** What probes and Prometheus ask. */
@Controller()
export class HealthController {
  constructor(@Inject(API.services) private readonly api: ApiServices) {}

  /** The process lives and answers; says nothing of what it depends on. */
  @Get('health')
  health(): { status: string } {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const { ready, checks } = await checkReadiness(this.api);
    const body = JSON.stringify({ status: ready ? 'ready' : 'not ready', checks }, textBigints);
    await reply
      .code(ready ? 200 : 503)
      .type('application/json')
      .send(body);
  }

  @Get('metrics')
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    await reply.type(this.api.metrics.contentType).send(await this.api.metrics.metrics());
  }
}

const textBigints = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;
