import { once } from 'node:events';
import { createServer } from 'node:net';
import { listen } from '@abland/platform';

/**
 * Tells before anything else starts that a port is taken.
 * @throws PortInUseError
 */
export async function requireFreePort(port: number, variable: string): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  await listen(probe, port, variable);
  probe.close();
  await once(probe, 'close');
}
