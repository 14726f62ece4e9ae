import { AblandError } from './abland-error.js';

/** The port is taken. */
export class PortInUseError extends AblandError {
  readonly code = 'PORT_IN_USE';
  /** @param variable that names it */
  constructor(
    readonly port: number,
    variable?: string,
  ) {
    const remedy = variable === undefined ? '' : `: stop it, or set ${variable} to another port`;
    super(`Port ${port} is in use by another program${remedy}`, { port });
  }
}

/** The system does not let this user listen at the port. */
export class PortRefusedError extends AblandError {
  readonly code = 'PORT_REFUSED';
  /** @param variable that names it */
  constructor(
    readonly port: number,
    variable?: string,
  ) {
    const remedy = variable === undefined ? '' : `: set ${variable} to one above 1023, or let it`;
    super(`This user may not listen at port ${port}${remedy}`, { port });
  }
}

/** What listening failed of, by the name of the port's variable where it is the port's fault. */
export function listenFailure(error: unknown, port: number, variable?: string): unknown {
  switch ((error as { readonly code?: unknown }).code) {
    case 'EADDRINUSE':
      return new PortInUseError(port, variable);
    case 'EACCES':
      return new PortRefusedError(port, variable);
    default:
      return error;
  }
}
