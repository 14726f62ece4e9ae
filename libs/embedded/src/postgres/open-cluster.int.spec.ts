import { access, chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Account } from './account.js';
import type { PostgresBinaries } from './binaries.js';
import { openCluster } from './open-cluster.js';

describe('making a cluster', () => {
  let dataDir = '';
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-pg-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('is not begun any more where it is given up while its password is laid down', async () => {
    const [cluster, ran, initdb] = ['postgres', 'ran', 'initdb'].map((name) => join(dataDir, name)) as [
      string,
      string,
      string,
    ];
    await mkdir(cluster);
    await writeFile(initdb, `#!/bin/sh\ntouch '${ran}'\n`);
    await chmod(initdb, 0o755);
    const stopping = new AbortController();
    const account: Account = {
      get uid() {
        stopping.abort(new Error('it is to stop'));
        return process.getuid?.() ?? 0;
      },
      gid: process.getgid?.() ?? 0,
    };
    const opened = openCluster(
      { cluster, dataDir, signal: stopping.signal },
      { initdb, postgres: initdb } as PostgresBinaries,
      account,
    );
    await expect(opened).rejects.toThrow('it is to stop');
    await expect(access(ran)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
