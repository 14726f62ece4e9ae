import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';

/** What an appender was about to ask for, and what it was told; written before and after each append. */
export type JournalEntry =
  | {
      readonly kind: 'intent';
      readonly append: string;
      readonly stream: string;
      readonly expected: string;
      readonly ids: readonly string[];
    }
  | {
      readonly kind: 'acknowledged';
      readonly append: string;
      readonly revision: string;
      readonly position: string;
      readonly duplicate: boolean;
    }
  | { readonly kind: 'refused'; readonly append: string; readonly code: string };

export type Intent = Extract<JournalEntry, { kind: 'intent' }>;

/** A file that outlives its process's SIGKILL: every line is written before the call returns. */
export class AppenderJournal {
  private readonly file: number;

  constructor(path: string) {
    const torn = existsSync(path) && !/(^|\n)$/.test(readFileSync(path, 'utf8'));
    this.file = openSync(path, 'a');
    // So that what was cut off does not take the next line with it.
    if (torn) writeSync(this.file, '\n');
  }

  write(entry: JournalEntry): void {
    writeSync(this.file, `${JSON.stringify(entry)}\n`);
  }

  close(): void {
    closeSync(this.file);
  }
}

/** A line cut off by a kill was never acted on: an intent is acted on once it is written, the rest is told of what was done. */
export function readJournal(path: string): JournalEntry[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as JournalEntry];
    } catch {
      return []; // a torn line: its write was under way when the process was killed
    }
  });
}
