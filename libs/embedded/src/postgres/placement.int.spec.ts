import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { canRun, postgresAccount } from './account.js';
import { locateBinaries } from './binaries.js';
import { placeBinaries } from './placement.js';

describe('binaries below a folder that the server account cannot enter', () => {
  let closed = '';
  afterEach(() => rm(closed, { recursive: true, force: true }));

  it('are run from a copy that only we can write', async () => {
    const { postgres } = await locateBinaries();
    const native = dirname(dirname(postgres));
    closed = await mkdtemp(join(tmpdir(), 'abland-closed-')); // mode 0700
    const copy = join(closed, 'package', 'native');
    await mkdir(dirname(copy));
    await cp(native, copy, { recursive: true, verbatimSymlinks: true });
    await cp(join(dirname(native), 'package.json'), join(closed, 'package', 'package.json'));
    const bin = (name: string): string => join(copy, 'bin', name);
    const account = await postgresAccount();
    const binaries = { postgres: bin('postgres'), initdb: bin('initdb'), pg_ctl: bin('pg_ctl') };
    const placed = await placeBinaries(binaries, account);
    expect(canRun(placed.postgres, account)).toBe(true);
    expect(placed.postgres.startsWith(account.uid === undefined ? closed : '/var/lib/abland/')).toBe(true);
    // Where we are not root the account is our own, and nothing needs to move.
    expect(placed.postgres === binaries.postgres).toBe(account.uid === undefined);
  });
});
