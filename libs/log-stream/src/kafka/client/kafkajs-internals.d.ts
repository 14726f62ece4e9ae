import type { ISocketFactory, Logger, RetryOptions, SASLOptions } from 'kafkajs';
import type tls from 'node:tls';

/** What is used of kafkajs 2.2.4 besides its public interface. */
export declare class Cluster {
  constructor(options: {
    readonly logger: Logger;
    readonly socketFactory: ISocketFactory;
    readonly brokers: readonly string[];
    readonly ssl: tls.ConnectionOptions | undefined;
    readonly sasl: SASLOptions | undefined;
    readonly clientId: string;
    readonly connectionTimeout: number;
    readonly authenticationTimeout: number;
    readonly reauthenticationThreshold: number;
    readonly requestTimeout: number;
    readonly enforceRequestTimeout: boolean;
    readonly metadataMaxAge: number;
    readonly retry: RetryOptions;
    readonly allowAutoTopicCreation: boolean;
    readonly isolationLevel: number;
  });
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, number[]>>;
  findBroker(node: { readonly nodeId: string }): Promise<Broker>;
}

export interface Broker {
  fetch(request: {
    readonly isolationLevel: number;
    readonly maxWaitTime: number;
    readonly minBytes: number;
    readonly maxBytes: number;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly {
        readonly partition: number;
        readonly fetchOffset: string;
        readonly maxBytes: number;
      }[];
    }[];
  }): Promise<{ readonly responses: readonly { readonly partitions: readonly FetchedPartition[] }[] }>;
  listOffsets(request: {
    readonly isolationLevel: number;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly timestamp: number }[];
    }[];
  }): Promise<{
    readonly responses: readonly { readonly partitions: readonly { readonly offset: string }[] }[];
  }>;
}

export interface FetchedPartition {
  readonly highWatermark: string;
  readonly messages: readonly FetchedRecord[];
}

export interface FetchedRecord {
  readonly offset: string;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | readonly Buffer[] | null | undefined>>;
  readonly isControlRecord?: boolean;
}

export interface SocketRequest {
  readonly requestTimeout: number;
  timeoutRequest(): void;
}

export declare class RequestQueue {
  constructor(options: {
    readonly maxInFlightRequests: number | null;
    readonly requestTimeout: number;
    readonly enforceRequestTimeout: boolean;
    readonly clientId: string;
    readonly broker: string;
    readonly logger: Logger;
  });
  readonly inflight: ReadonlyMap<number, SocketRequest>;
  readonly maxInFlightRequests?: number | null;
  readonly requestTimeout: number;
  readonly isConnected: () => boolean;
  pending: readonly unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  requestTimeoutIntervalId: NodeJS.Timeout;
  canSendSocketRequestImmediately(): boolean;
  checkPendingRequests(): void;
  destroy(): void;
  push(request: {
    readonly entry: {
      readonly correlationId: number;
      readonly resolve: (answer: unknown) => void;
      readonly reject: (error: unknown) => void;
    };
    readonly expectResponse: boolean;
    readonly sendRequest: () => void;
  }): void;
  maybeThrottle(clientSideThrottleTime: number | null): void;
  scheduleCheckPendingRequests(): void;
  scheduleRequestTimeoutCheck(): void;
  sendSocketRequest(request: SocketRequest): void;
}
