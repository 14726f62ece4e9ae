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

/** The HTTP port is taken. */
export class PortInUseError extends AblandError {
  readonly code = 'PORT_IN_USE';
  constructor(readonly port: number) {
    super(`Port ${port} is in use by another program`, { port });
  }
}
