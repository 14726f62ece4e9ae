type Beside = 'tick' | 'work';

/**
 * When a run of a process has achieved something: with each part of the log that was followed on the way to its end, where what runs
 * beside waits for it; from then on not before all of that has begun. Else a run whose work can never begin would be taken for one that
 * gets on, as long as the log can be read.
 */
export class Beginning {
  private readonly awaited: Set<Beside>;
  private hasFollowed = false;

  constructor(
    beside: readonly Beside[],
    private readonly progress: () => void,
  ) {
    this.awaited = new Set(beside);
  }

  /** A part of the log was followed, perhaps to its end. */
  followed(isLevel: boolean): void {
    this.hasFollowed = true;
    if (!isLevel || this.awaited.size === 0) this.progress();
  }

  /** What runs beside did its first; told again, it changes nothing. */
  begun(part: Beside): void {
    if (this.awaited.delete(part) && this.awaited.size === 0 && this.hasFollowed) this.progress();
  }
}
