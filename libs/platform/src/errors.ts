import { AblandError } from '@abland/kernel';

/** The HTTP port is taken. */
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
