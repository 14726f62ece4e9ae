import type { LoggerService } from '@nestjs/common';
import type { Logger } from '@abland/kernel';

/** NestJS's own lines in the log that everything else writes to; what it says of its wiring only for debugging. */
export function nestLogger(logger: Logger): LoggerService {
  const fields = (rest: readonly unknown[]): object => ({ context: rest.at(-1) });
  return {
    log: (message: unknown, ...rest: unknown[]) => logger.debug(fields(rest), String(message)),
    debug: (message: unknown, ...rest: unknown[]) => logger.debug(fields(rest), String(message)),
    verbose: (message: unknown, ...rest: unknown[]) => logger.debug(fields(rest), String(message)),
    warn: (message: unknown, ...rest: unknown[]) => logger.warn(fields(rest), String(message)),
    error: (message: unknown, ...rest: unknown[]) => logger.error(fields(rest), String(message)),
    fatal: (message: unknown, ...rest: unknown[]) => logger.error(fields(rest), String(message)),
  };
}
