/** A program or a part of one that runs until it is stopped. */
export interface Running {
  readonly name: string;
  /** Settles when the part ended by itself: rejects with what broke it, never resolves otherwise before `stop`. */
  readonly ended: Promise<void>;
  /** Ends work in hand and lets go of connections; safe to call twice. */
  stop(): Promise<void>;
}
