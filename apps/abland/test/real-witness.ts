import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { fromBase64, PORTABLE_HASHER, toBase64, type VerifierKey, verifierKey } from '@abland/audit-verify';
import { eventually, freePort } from '@abland/testing';

const run = promisify(execFile);
const NAME = 'example.com/litewitness';
const BUILT_WITHIN_MS = 8 * 60_000;
const THERE_WITHIN_MS = 60_000;

/** litewitness of filippo.io/torchwood, with a key in an agent of its own. */
export class RealWitness {
  /**
   * Fetches and builds it, which takes a minute the first time.
   * @returns why it is not to be had on this machine, null where it is
   */
  static async install(folder: string): Promise<string | null> {
    try {
      const env = { ...process.env, GOBIN: folder };
      const limits = { env, timeout: BUILT_WITHIN_MS };
      await run('go', ['install', 'filippo.io/torchwood/cmd/litewitness@v0.6.1'], limits);
      for (const tool of ['ssh-agent', 'ssh-add', 'ssh-keygen'])
        await run('sh', ['-c', `command -v ${tool}`]);
      return null;
    } catch (error) {
      return `litewitness, or OpenSSH's tools that it needs, are not to be had: ${String(error).split('\n', 2).join(' ')}`;
    }
  }

  private constructor(
    readonly key: VerifierKey,
    readonly url: string,
    private readonly programs: readonly ChildProcess[],
  ) {}

  /** Has it watch a log. @param folder where it was installed, for all else that it needs; a short path, as of a socket */
  static async start(
    folder: string,
    log: { readonly origin: string; readonly key: string },
  ): Promise<RealWitness> {
    const [db, agent] = [join(folder, 'w.db'), join(folder, 'agent')];
    addLog(db, log);
    const { fingerprint, key } = await makeKey(join(folder, 'key'));
    const sshAgent = spawn('ssh-agent', ['-D', '-a', agent], { stdio: 'ignore' });
    await eventually(() => {
      if (!existsSync(agent)) throw new Error('the agent is not there yet');
    }, THERE_WITHIN_MS);
    await run('ssh-add', [join(folder, 'key')], { env: { ...process.env, SSH_AUTH_SOCK: agent } });
    const at = `127.0.0.1:${await freePort()}`;
    const where = ['-ssh-agent', agent, '-db', db, '-listen', at];
    const args = ['-name', NAME, '-key', fingerprint, ...where];
    const litewitness = spawn(join(folder, 'litewitness'), args, { stdio: 'ignore' });
    return new RealWitness(key, `http://${at}`, [litewitness, sshAgent]);
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.programs.map(async (program) => {
        if (program.exitCode !== null || program.signalCode !== null) return;
        program.kill('SIGTERM');
        await once(program, 'exit');
      }),
    );
  }
}

/** As its `witnessctl add-log` and `add-key` do, which does not build without modules that are not to be had everywhere. */
function addLog(path: string, { key, origin }: { readonly origin: string; readonly key: string }): void {
  const db = new DatabaseSync(path);
  db.exec(`CREATE TABLE log (origin TEXT PRIMARY KEY, tree_size INTEGER NOT NULL, tree_hash TEXT NOT NULL);
    CREATE TABLE key (origin TEXT NOT NULL, key TEXT NOT NULL, FOREIGN KEY(origin) REFERENCES log(origin))`);
  db.prepare('INSERT INTO log VALUES (?, 0, ?)').run(origin, toBase64(PORTABLE_HASHER.empty));
  db.prepare('INSERT INTO key VALUES (?, ?)').run(origin, key);
  db.close();
}

/** A key of OpenSSH, as a witness has it: the last 32 bytes of the public one are RFC 8032's. */
async function makeKey(file: string): Promise<{ readonly fingerprint: string; readonly key: VerifierKey }> {
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  const { stdout } = await run('ssh-keygen', ['-l', '-f', file]);
  const shown = await run('ssh-keygen', ['-y', '-f', file]);
  const [, encoded = ''] = shown.stdout.split(/\s/);
  const publicKey = fromBase64(encoded).slice(-32);
  return { fingerprint: stdout.split(' ')[1] ?? '', key: verifierKey(NAME, 'COSIGNATURE', publicKey) };
}
