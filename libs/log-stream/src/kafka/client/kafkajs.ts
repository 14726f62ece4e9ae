import { createRequire } from 'node:module';
import type * as Kafkajs from 'kafkajs';
import type { Cluster as ClusterType, RequestQueue as RequestQueueType } from './kafkajs-internals.js';

const require = createRequire(import.meta.url);

/** All of it through one loader, so that what is mended below is mended for all of it. */
export const kafkajs = require('kafkajs') as typeof Kafkajs;

/** Its connections to a cluster, by which partitions are read without a consumer group: not of its public interface. */
export const Cluster = require('kafkajs/src/cluster') as typeof ClusterType;

export const RequestQueue = require('kafkajs/src/network/requestQueue') as typeof RequestQueueType;

/** Milliseconds. */
const LOOK_AGAIN_MS = 10;

/**
 * As it is, it looks for requests held back by a throttle every millisecond, for ever, on every connection, throttled or not
 * (kafkajs #1751). There is something to look for only while requests are held back.
 */
RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueueType): void {
  if (this.pending.length === 0 || this.throttleCheckTimeoutId) return;
  const waitMs = Math.max(this.throttledUntil - Date.now(), LOOK_AGAIN_MS);
  this.throttleCheckTimeoutId = setTimeout(() => {
    this.throttleCheckTimeoutId = null;
    this.checkPendingRequests();
  }, waitMs);
};
