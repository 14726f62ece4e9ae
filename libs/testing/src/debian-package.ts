import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_MS = 5 * 60_000;
/** Debian has servers in a folder that is not on every PATH. */
export const SYSTEM_PATH = `${process.env['PATH'] ?? ''}:/usr/sbin`;

/**
 * Sees to it that a program is here, of Debian's packages where it may.
 * @param asksVersion what it answers at once to
 * @throws with the reason why it cannot be had
 */
export async function installFromDebian(
  program: string,
  packageName: string,
  asksVersion = '--version',
): Promise<void> {
  const env = { ...process.env, PATH: SYSTEM_PATH, DEBIAN_FRONTEND: 'noninteractive' };
  const isHere = (): Promise<boolean> =>
    run(program, [asksVersion], { env }).then(
      () => true,
      () => false,
    );
  if (await isHere()) return;
  if (process.getuid?.() !== 0) throw new Error(`${program} is not installed, and only root may install it`);
  const options = { timeout: INSTALL_MS, env };
  try {
    await run('apt-get', ['update', '-qq'], options);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', packageName], options);
  } catch (error) {
    throw new Error(`${packageName} is none of the packages that this machine can install`, { cause: error });
  }
  if (!(await isHere())) throw new Error(`${packageName} was installed and ${program} does not run`);
}
