/** A source with its changed text; the unchanged sources where the name is empty. */
export interface Question {
  readonly source: string;
  readonly text: string;
}

/** `equivalent`: the compiler makes the same code of it. `invalid`: it does not compile. */
export type Verdict = 'killed' | 'survived' | 'equivalent' | 'invalid';

export interface Judgement {
  readonly verdict: Verdict;
  /** The first test that failed. */
  readonly by?: string;
  readonly message?: string;
}
