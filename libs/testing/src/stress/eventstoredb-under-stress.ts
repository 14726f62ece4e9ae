import { setTimeout as sleep } from 'node:timers/promises';
import { StandInServer } from '@abland/testing/eventstoredb';
import type { Fault } from './stress-schedule.js';

const DOWN_MS = 500;

/** A stand-in with its faults, or a real server, whose faults are others' to make. */
export class EventStoreDbUnderStress {
  restarts = 0;

  private constructor(
    readonly url: string,
    private readonly standIn: StandInServer | null,
  ) {}

  static async start(url: string | undefined): Promise<EventStoreDbUnderStress> {
    if (url !== undefined) return new EventStoreDbUnderStress(url, null);
    const standIn = await StandInServer.start();
    return new EventStoreDbUnderStress(standIn.url, standIn);
  }

  async inject(fault: Fault): Promise<void> {
    const { standIn } = this;
    if (standIn === null) return;
    switch (fault.kind) {
      case 'cut-connections':
        return standIn.loseAnswers(3);
      case 'roll-back':
        standIn.setReady(false);
        await sleep(fault.heldMs);
        return standIn.setReady(true);
      case 'long-transaction':
        return void standIn.dropSlowConsumers();
      case 'restart-store':
        standIn.kill();
        this.restarts += 1;
        await sleep(DOWN_MS);
        return standIn.listen();
      default:
        return;
    }
  }

  remove(): void {
    this.standIn?.kill();
  }
}
