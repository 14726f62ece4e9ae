import { requestStream } from '@abland/domain';
import { parkedStreams } from '@abland/projections';
import { Inject, Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import type pg from 'pg';
import { PORT } from '../ports/ports.js';

/** Commands of which something waits for an operator: a read model or a process left it out for the rest to go on. */
@Injectable()
export class ParkedCommands {
  private readonly loaders = new WeakMap<object, DataLoader<string, boolean>>();

  constructor(@Inject(PORT.pool) private readonly pool: pg.Pool) {}

  /** @param request those of one are asked for together */
  isParked(request: object, commandId: string): Promise<boolean> {
    const loader = this.loaders.get(request) ?? new DataLoader((streams) => this.read(streams));
    this.loaders.set(request, loader);
    return loader.load(requestStream(commandId));
  }

  private async read(streams: readonly string[]): Promise<readonly boolean[]> {
    const parked = await parkedStreams(this.pool, streams);
    return streams.map((stream) => parked.has(stream));
  }
}
