import { createRequire } from 'node:module';
import { systemTiming } from '@abland/kernel';
import type * as Kafkajs from 'kafkajs';
import type {
  Cluster as ClusterType,
  RequestQueue as RequestQueueType,
  SocketRequest,
} from './kafkajs-internals.js';

const require = createRequire(import.meta.url);

/** All of it through one loader, so that what is mended below is mended for all of it. */
export const kafkajs = require('kafkajs') as typeof Kafkajs;

/** Its connections to a cluster, by which partitions are read without a consumer group: not of its public interface. */
export const Cluster = require('kafkajs/src/cluster') as typeof ClusterType;

export const RequestQueue = require('kafkajs/src/network/requestQueue') as typeof RequestQueueType;

/** Milliseconds. */
const LOOK_AGAIN_MS = 10;
const TIMEOUTS_EVERY_MS = 100;

const { now } = systemTiming;
const { sendSocketRequest } = RequestQueue.prototype;
const sentAt = new WeakMap<SocketRequest, number>();

/*
 * How long requests take and are held back it reckons by the clock: set back by an hour that would hold them back for an hour and let none
 * time out, set forward it would let all of them. Here it is the time that passes.
 */
RequestQueue.prototype.sendSocketRequest = function (this: RequestQueueType, request): void {
  sentAt.set(request, now());
  sendSocketRequest.call(this, request);
};

RequestQueue.prototype.scheduleRequestTimeoutCheck = function (this: RequestQueueType): void {
  this.destroy();
  this.requestTimeoutIntervalId = setInterval(
    () => {
      for (const request of [...this.inflight.values()])
        if (now() - (sentAt.get(request) ?? now()) > request.requestTimeout) request.timeoutRequest();
      if (!this.isConnected()) this.destroy();
    },
    Math.min(this.requestTimeout, TIMEOUTS_EVERY_MS),
  );
};

RequestQueue.prototype.maybeThrottle = function (this: RequestQueueType, ms): void {
  if (ms !== null && ms > 0) this.throttledUntil = Math.max(now() + ms, this.throttledUntil);
};

RequestQueue.prototype.canSendSocketRequestImmediately = function (this: RequestQueueType): boolean {
  return this.inflight.size < (this.maxInFlightRequests ?? Infinity) && this.throttledUntil <= now();
};

/**
 * As it is, it looks for requests held back by a throttle every millisecond, for ever, on every connection, throttled or not
 * (kafkajs #1751). There is something to look for only while requests are held back.
 */
RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueueType): void {
  if (this.pending.length === 0 || this.throttleCheckTimeoutId) return;
  const waitMs = Math.max(this.throttledUntil - now(), LOOK_AGAIN_MS);
  this.throttleCheckTimeoutId = setTimeout(() => {
    this.throttleCheckTimeoutId = null;
    this.checkPendingRequests();
  }, waitMs);
};
