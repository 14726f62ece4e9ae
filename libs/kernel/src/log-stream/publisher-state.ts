/**
 * How the publisher of a chain stands to it. STARTING: it has heard nothing yet. FOLLOWING: it publishes what comes.
 * UNREACHABLE: what it needs does not answer, or not with what holds together; it asks on. BEHIND: the newest block of every
 * provider that answers lies below what was published: restored from a backup, not caught up, or another chain; nothing is
 * published until that has passed. STOPPED: it cannot go on before a person has decided, or has mended a setting.
 */
export type PublisherState = 'STARTING' | 'FOLLOWING' | 'UNREACHABLE' | 'BEHIND' | 'STOPPED';
