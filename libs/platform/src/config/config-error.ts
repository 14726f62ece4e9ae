import { AblandError } from '@abland/kernel';

/** A wrong or missing environment variable. */
export class ConfigError extends AblandError {
  readonly code = 'CONFIG_INVALID';
  constructor(
    readonly variable: string,
    problem: string,
  ) {
    super(`${variable} ${problem}`, { variable });
  }
}
