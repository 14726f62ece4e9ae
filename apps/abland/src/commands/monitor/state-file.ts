import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  type FollowedLog,
  formatFollowed,
  parseFollowed,
  ProofError,
  type VerifierKey,
} from '@abland/audit-verify';
import { AblandError } from '@abland/kernel';

/** The file is not what a monitor keeps of the log that it is to follow, or no file can be there. */
class MonitorStateError extends AblandError {
  readonly code = 'MONITOR_STATE_WRONG';
}

/** The file cannot be written for now. */
export class MonitorStateUnavailableError extends AblandError {
  readonly code = 'MONITOR_STATE_UNAVAILABLE';
  override readonly failureClass = 'LATER';
}

/** errno(3): no space, a disk that fails or was made read-only for that, too many open files. */
const PASSING = new Set([
  'ENOSPC',
  'EDQUOT',
  'EIO',
  'EROFS',
  'EMFILE',
  'ENFILE',
  'EBUSY',
  'ETIMEDOUT',
  'ESTALE',
]);

/** What a monitor keeps between two looks at a log. One monitor writes it. */
export class StateFile {
  constructor(readonly path: string) {}

  /** Null where there is none. @throws MonitorStateError */
  async read(): Promise<FollowedLog | null> {
    try {
      return parseFollowed(await readFile(this.path, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      if (!(error instanceof ProofError)) throw this.failed('read', error);
      const told = `${this.path} is not what a monitor keeps: ${error.message}`;
      throw new MonitorStateError(told, { path: this.path }, error);
    }
  }

  /** A file is of one log, which its keys name. @throws MonitorStateError */
  requireOneLog(keys: readonly VerifierKey[]): void {
    const names = [...new Set(keys.map(({ name }) => name))];
    if (names.length < 2) return;
    throw new MonitorStateError(`These are of several logs, and ${this.path} can be of one`, { names });
  }

  /** Whole or not at all, and still there after a loss of power. @throws MonitorStateError, MonitorStateUnavailableError */
  async write(followed: FollowedLog): Promise<void> {
    try {
      await this.replace(followed);
    } catch (error) {
      throw this.failed('written', error);
    }
  }

  private async replace(followed: FollowedLog): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    const file = await open(`${this.path}.new`, 'w');
    try {
      await file.writeFile(formatFollowed(followed));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${this.path}.new`, this.path);
  }

  private failed(done: 'read' | 'written', error: unknown): unknown {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) return error;
    const failure = PASSING.has(code) ? MonitorStateUnavailableError : MonitorStateError;
    return new failure(`${this.path} cannot be ${done}: ${code}`, { path: this.path }, error);
  }
}
