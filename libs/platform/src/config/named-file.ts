import { readFileSync, type Stats, statSync } from 'node:fs';

/** No list of chains, key or certificate comes near it. */
const BYTES_MAX = 1024 * 1024;

/**
 * The text of a file that a setting names. One that waits for a writer or never ends, a pipe or a device, is none.
 * @param refusal makes the error of what is wrong: `cannot be read: ENOENT`, say
 */
export function textOfNamedFile(file: string, refusal: (problem: string) => Error): string {
  try {
    const problem = problemOf(statSync(file));
    if (problem === null) return readFileSync(file, 'utf8');
    throw refusal(problem);
  } catch (error) {
    const { code, message, syscall } = error as NodeJS.ErrnoException;
    throw syscall === undefined ? error : refusal(`cannot be read: ${code ?? message}`);
  }
}

function problemOf(stats: Stats): string | null {
  if (!stats.isFile()) return 'must be a regular file';
  return stats.size > BYTES_MAX ? `must be of ${BYTES_MAX} bytes at most: it is of ${stats.size}` : null;
}
