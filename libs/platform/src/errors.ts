import { AblandError } from '@abland/kernel';

/** The HTTP port is taken. */
export class PortInUseError extends AblandError {
  readonly code = 'PORT_IN_USE';
  constructor(readonly port: number) {
    super(`Port ${port} is in use by another program`, { port });
  }
}
