export interface BrokenPromise {
  readonly type: string;
  readonly description: string;
}

export function brokenBy(before: string, after: string): readonly BrokenPromise[];
