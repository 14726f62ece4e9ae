import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const TOOLCHAIN = fileURLToPath(new URL('../../../.toolchain', import.meta.url));
/** What is fetched or built takes no longer. */
export const INSTALL_MS = 8 * 60_000;

/**
 * Path of a program that Go builds, where it is not there yet.
 * @param asksVersion what it answers at once to
 * @throws with the reason why it cannot be had
 */
export async function installedByGo(
  name: string,
  version: string,
  source: string,
  asksVersion = '--version',
): Promise<string> {
  const install = async (folder: string): Promise<void> => {
    await run('go', ['version']).catch(failing(`there is no Go to build ${name} with`));
    const env = { ...process.env, GOBIN: folder };
    const args = ['install', `${source}@v${version}`];
    await run('go', args, { env, timeout: INSTALL_MS }).catch(failing(`${name} could not be built`));
  };
  return installed(`${name}-${version}`, name, install, asksVersion);
}

/** Path of a binary of the toolchain that runs here. */
export async function installed(
  name: string,
  binary: string,
  install: (folder: string) => Promise<void>,
  asksVersion = '--version',
): Promise<string> {
  const path = join(TOOLCHAIN, name, binary);
  if (!existsSync(path)) await make(join(TOOLCHAIN, name), binary, install);
  await run(path, [asksVersion]).catch(failing(`${name} does not run on this machine`));
  return path;
}

/** Beside its place, and moved there whole: another may be at it. */
async function make(
  folder: string,
  binary: string,
  install: (folder: string) => Promise<void>,
): Promise<void> {
  const partial = `${folder}.${process.pid}.tmp`;
  await mkdir(partial, { recursive: true });
  try {
    await install(partial);
    if (!existsSync(join(partial, binary))) throw new Error(`there is no ${binary} for this machine`);
    await rename(partial, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error; // another was quicker
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

export const failing =
  (what: string) =>
  (error: unknown): never => {
    const { message, stderr } = error as { readonly message?: string; readonly stderr?: string };
    const why = stderr?.trim().split('\n').at(-1) || message || String(error);
    throw new Error(`${what}: ${why.slice(0, 300)}`, { cause: error });
  };
