import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { PostgresError } from './errors.js';

/** The ports to choose from. */
export interface PortRange {
  readonly first: number;
  readonly count: number;
}

/**
 * Below those that systems give to outgoing connections (from 32,768 on Linux, from 49,152 elsewhere), one of which could take it
 * before its user does; above those of known services.
 */
const RANGE: PortRange = { first: 16_000, count: 8_000 };
const ATTEMPTS = 100;
const given = new Set<number>();

/**
 * A port on which nobody listens, given once in this process. Any of very many, for other processes choose too; where several of one
 * kind do and each uses its ports only later, give each a range of its own.
 * @throws PostgresError where none is found
 */
export async function freePort({ first, count }: PortRange = RANGE): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = first + randomInt(count);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new PostgresError('POSTGRES_START_FAILED', 'No free port');
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, () => probe.close(() => resolve(true)));
  });
