import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface WorkingCopy {
  /** Where the copied contracts lie. */
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

/** A copy of the package beside links to what it imports, so that tests of changed contracts never touch the checkout. */
export async function makeWorkingCopy(): Promise<WorkingCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'abland-contracts-'));
  for (const name of ['node_modules', 'libs', 'schemas']) await symlink(join(root, name), join(folder, name));
  await cp(join(root, 'contracts'), join(folder, 'contracts'), {
    recursive: true,
    filter: (path) => !['dist', 'node_modules'].includes(basename(path)),
  });
  return {
    folder: join(folder, 'contracts'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
