import { once } from 'node:events';
import { createServer } from 'node:net';
import { PortInUseError } from '@abland/platform';

/**
 * Tells before anything else starts that a port is taken.
 * @throws PortInUseError
 */
export async function requireFreePort(port: number): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  probe.listen(port);
  try {
    await once(probe, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortInUseError(port);
    throw error;
  }
  probe.close();
  await once(probe, 'close');
}
