import { execFileSync } from 'node:child_process';
import { silentLogger } from '@abland/kernel';
import { describe, it } from '@jest/globals';
import { GenericContainer, Wait } from 'testcontainers';
import { describeEventStoreLaws } from '../laws/event-store-laws.js';
import { EventStoreDbEventStore } from './eventstoredb-event-store.js';

const IMAGE = 'eventstore/eventstore:23.10.8-jammy';
const PORT = 2113;
const url = process.env['EVENTSTORE_URL'];

if (url !== undefined) {
  describeEventStoreLaws(`EventStoreDB at EVENTSTORE_URL`, async () => {
    const store = new EventStoreDbEventStore({ connectionString: url, logger: silentLogger });
    return { store, close: () => store.close() };
  });
} else if (hasDocker()) {
  describeEventStoreLaws(`EventStoreDB in a container`, async () => {
    const container = await new GenericContainer(IMAGE)
      .withEnvironment({ EVENTSTORE_INSECURE: 'true', EVENTSTORE_CLUSTER_SIZE: '1' })
      .withExposedPorts(PORT)
      .withWaitStrategy(Wait.forHttp('/health/live', PORT).forStatusCode(204))
      .start();
    const address = `${container.getHost()}:${container.getMappedPort(PORT)}`;
    const connectionString = `esdb://${address}?tls=false`;
    const store = new EventStoreDbEventStore({ connectionString, logger: silentLogger });
    return {
      store,
      close: async () => {
        await store.close();
        await container.stop();
      },
    };
  });
} else {
  describe('event store laws: EventStoreDB, a real server', () => {
    it.skip('skipped: EVENTSTORE_URL names no server and no Docker engine answers to start one in', () =>
      undefined);
  });
}

function hasDocker(): boolean {
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore', timeout: 5_000 });
    return true;
  } catch {
    return false; // no Docker, or none that answers: the laws are reported as skipped
  }
}
