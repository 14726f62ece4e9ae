import { Inject } from '@nestjs/common';
import { Args, Float, Query, Resolver } from '@nestjs/graphql';
import { EntriesWithheldError, LogRewrittenError } from '@abland/audit';
import { toBase64 } from '@abland/audit-verify';
import { parseUuid } from '@abland/domain';
import { ApiError } from '../errors/api-error.js';
import { UuidScalar } from '../graphql/scalars.js';
import { PORT } from '../ports/ports.js';
import { AuditCheckpoint, auditCheckpointOf, AuditProof, auditProofOf } from './audit.types.js';
import type { PublishedLog } from './published-log.js';

/** Proofs of what is in the log. */
@Resolver()
export class AuditResolver {
  constructor(@Inject(PORT.publishedLog) private readonly log: PublishedLog) {}

  @Query(() => AuditCheckpoint, {
    nullable: true,
    description:
      'The newest checkpoint of the log, or, where witnesses are asked, the newest that enough of them cosigned; null before its first event was hashed.',
  })
  async checkpoint(): Promise<AuditCheckpoint | null> {
    const head = await this.log.tree.head();
    return head === null ? null : auditCheckpointOf(head);
  }

  @Query(() => AuditProof, {
    nullable: true,
    description: 'That an event is in the log; null where there is no such event, or it was not hashed yet.',
  })
  async proof(@Args('eventId', { type: () => UuidScalar }) eventId: string): Promise<AuditProof | null> {
    const event = await this.log.eventOf(parseUuid(eventId, 'eventId'));
    const proof = event === null ? null : await told(this.log.tree.prove(event));
    return proof === null ? null : auditProofOf(proof);
  }

  @Query(() => [String], {
    description:
      'The consistency proof (RFC 6962) that the tree of one size is the beginning of that of another: hashes in base64.',
  })
  async consistencyProof(
    @Args('oldSize', { type: () => Float }) oldSize: number,
    @Args('size', { type: () => Float }) size: number,
  ): Promise<readonly string[]> {
    const newest = await this.log.tree.size();
    requireSize(oldSize, size, 'oldSize');
    requireSize(size, newest, 'size');
    return (await this.log.tree.proveConsistency(oldSize, size)).map(toBase64);
  }
}

function requireSize(value: number, max: number, field: string): void {
  if (Number.isSafeInteger(value) && value >= 0 && value <= max) return;
  throw new ApiError('INVALID_ARGUMENT', `${field} must be a whole number from 0 to ${max}`, field, { max });
}

async function told<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof EntriesWithheldError || error instanceof LogRewrittenError)
      throw new ApiError(error.code, error.message, null, error.details, error);
    throw error;
  }
}
