import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Judgement } from './judgement.js';

interface Line extends Judgement {
  readonly code: string;
  readonly name: string;
}

/** What an interrupted run has found, so that the next one can go on. What survived is tried again: tests may be new. */
export class Found {
  private readonly file: string;
  private readonly judgements = new Map<string, Judgement>();

  /** @param code hash of the unchanged code: what was found on other code says nothing */
  constructor(
    folder: string,
    private readonly code: string,
    resume: boolean,
  ) {
    this.file = join(folder, 'cache/mutation.jsonl');
    mkdirSync(dirname(this.file), { recursive: true });
    if (!resume || !existsSync(this.file)) return;
    for (const text of readFileSync(this.file, 'utf8').split('\n')) {
      if (text === '') continue;
      const { name, ...line } = JSON.parse(text) as Line;
      if (line.code === code && line.verdict !== 'survived') this.judgements.set(name, line);
    }
  }

  of(name: string): Judgement | undefined {
    return this.judgements.get(name);
  }

  add(name: string, judgement: Judgement): void {
    appendFileSync(this.file, `${JSON.stringify({ code: this.code, name, ...judgement })}\n`);
  }
}
