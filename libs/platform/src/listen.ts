import { once } from 'node:events';
import type { Server } from 'node:net';
import { PortInUseError, PortRefusedError } from './errors.js';

/**
 * Has a server listen; returns its port, which is a free one where 0 is asked for.
 * @param variable that names the port
 * @throws PortInUseError, PortRefusedError
 */
export async function listen(server: Server, port: number, variable?: string): Promise<number> {
  server.listen(port);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw listenFailure(error, port, variable);
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** What listening failed of, by the name of the port's variable where it is the port's fault. */
export function listenFailure(error: unknown, port: number, variable?: string): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new PortInUseError(port, variable);
    case 'EACCES':
      return new PortRefusedError(port, variable);
    default:
      return error;
  }
}
