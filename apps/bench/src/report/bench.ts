import type { BenchResult } from './results.js';

/** What every bench's module exports as `bench`. */
export type Bench = (args: readonly string[], say: (text: string) => void) => Promise<BenchResult>;
