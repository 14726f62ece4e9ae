import { spawnSync } from 'node:child_process';
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

/** What the TypeScript tests deploy beside the committed contracts. */
const BUILT = ['ArithmeticBatches', 'FlashLoanVoter', 'HostileTokens', 'ShrinkingToken'].map(
  (name) => `test/solidity/support/${name}.sol`,
);

/** A copy of the package, built, beside links to what it imports: tests of changed contracts never touch the checkout. */
export async function makeWorkingCopy(): Promise<WorkingCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'abland-contracts-'));
  for (const name of ['node_modules', 'libs', 'schemas']) await symlink(join(root, name), join(folder, name));
  await cp(join(root, 'contracts'), join(folder, 'contracts'), {
    recursive: true,
    filter: (path) => !['dist', 'node_modules'].includes(basename(path)),
  });
  const copy = {
    folder: join(folder, 'contracts'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  const cli = join(root, 'node_modules/hardhat/dist/src/cli.js');
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [cli, 'build', ...BUILT], {
    cwd: copy.folder,
    encoding: 'utf8',
  });
  if (status === 0) return copy;
  await copy.remove();
  const how = signal === null ? `exit code ${status}` : signal;
  throw new Error(`the unchanged contracts do not build (${how}): ${stdout}${stderr}`);
}
