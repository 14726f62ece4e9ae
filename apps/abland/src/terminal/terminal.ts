const SLOW_MS = 3_000;

/** What a person at the terminal sees of a start: a line for each step, more of them, ever fewer, while one takes long. */
export interface Terminal {
  line(text: string): void;
  /** Said once, however often it is asked for in a row. */
  waiting(forWhat: string): void;
  /** Runs a step under a name; says how long it took, and while it takes long that it still runs. */
  step<Result>(name: string, run: (progress: (text: string) => void) => Promise<Result>): Promise<Result>;
}

export function createTerminal(
  write: (text: string) => void = (text) => process.stdout.write(text),
): Terminal {
  const line = (text: string): void => write(`${text}\n`);
  let waitedFor = '';
  return {
    line,
    waiting(forWhat) {
      if (forWhat !== waitedFor) line(`  … waiting for ${forWhat}`);
      waitedFor = forWhat;
    },
    async step(name, run) {
      const started = performance.now();
      const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(1)} s`;
      let latest = '';
      let tick: NodeJS.Timeout | undefined;
      const tickAfter = (ms: number): void => {
        tick = setTimeout(() => {
          line(`  … ${name}${latest === '' ? '' : `: ${latest}`} (${seconds()})`);
          tickAfter(2 * ms);
        }, ms);
      };
      tickAfter(SLOW_MS);
      try {
        const result = await run((text) => (latest = text));
        line(`  ✓ ${name} (${seconds()})`);
        return result;
      } finally {
        clearTimeout(tick);
      }
    },
  };
}
