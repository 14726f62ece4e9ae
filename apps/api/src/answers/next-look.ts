/**
 * One look at a time for whoever asks: each is told of one that began after they asked. However many ask meanwhile, the next is theirs
 * together.
 */
export class NextLook<Found> {
  private running: Promise<unknown> | null = null;
  private next: Promise<Found> | null = null;

  constructor(private readonly look: () => Promise<Found>) {}

  take(): Promise<Found> {
    this.next ??= this.begin();
    return this.next;
  }

  private async begin(): Promise<Found> {
    if (this.running === null)
      await Promise.resolve(); // who asks at once looks at once
    else await this.running.catch(() => undefined);
    this.next = null;
    const look = this.look();
    this.running = look;
    return look.finally(() => {
      if (this.running === look) this.running = null;
    });
  }
}
