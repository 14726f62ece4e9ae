/** As a shell tells a Ctrl-C. */
const EXIT_INTERRUPTED = 130;

/**
 * How a child process ended. One that was ended by force could say nothing itself, so that is said here; who gave a Ctrl-C knows.
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} name
 * @param {(text: string) => void} say
 * @returns {Promise<number>}
 */
export const exitCode = (child, name, say) =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (signal !== null && signal !== 'SIGINT') say(`${name} was ended by ${described(signal)}`);
      resolve(code ?? (signal === 'SIGINT' ? EXIT_INTERRUPTED : 1));
    });
  });

const described = (signal) =>
  signal === 'SIGKILL' ? 'SIGKILL: somebody sent it, or memory was short' : signal;
