/** Of each lease: whoever asks for one again and again while the database is away. */
const HOLDERS_MAX = 50;

/**
 * Holders of leases that were of this process and are no more, while the database may know otherwise: it did not hear that they let go, or
 * it takes what they asked for in vain for asked, once it comes to it. A lease stands there as held until it expires; who takes it next in this
 * process need not wait for that.
 */
export class FormerHolders {
  private readonly holders = new Map<string, readonly string[]>();

  add(names: readonly string[], holder: string): void {
    for (const name of names)
      this.holders.set(name, [...new Set([...this.of([name]), holder])].slice(-HOLDERS_MAX));
  }

  of(names: readonly string[]): readonly string[] {
    return names.flatMap((name) => this.holders.get(name) ?? []);
  }

  /** What was theirs is another's by now. */
  forget(names: readonly string[]): void {
    for (const name of names) this.holders.delete(name);
  }
}
