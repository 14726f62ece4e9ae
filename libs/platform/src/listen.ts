import { listenFailure } from '@abland/kernel';
import { once } from 'node:events';
import type { Server } from 'node:net';

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
