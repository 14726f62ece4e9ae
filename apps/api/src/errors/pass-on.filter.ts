import { type ArgumentsHost, Catch } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';

/**
 * Hands what resolvers throw to the one mapping of errors, unlogged: NestJS would log every refusal as an error of ours.
 * What HTTP handlers throw stays NestJS's to answer and log.
 */
@Catch()
export class PassOnFilter extends BaseExceptionFilter {
  override catch(exception: unknown, host: ArgumentsHost): unknown {
    if (host.getType<string>() === 'graphql') return exception;
    super.catch(exception, host);
    return undefined;
  }
}
