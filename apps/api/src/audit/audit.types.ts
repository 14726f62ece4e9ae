import { Field, Float, ObjectType } from '@nestjs/graphql';
import type { EventProof, ServedHead } from '@abland/audit';
import { parseJson, placeOfFact, toBase64 } from '@abland/audit-verify';

@ObjectType({ description: 'How large the log is, and its root: signed by the log (C2SP tlog-checkpoint).' })
export class AuditCheckpoint {
  @Field({ description: 'Names the log, for good.' })
  origin!: string;

  @Field(() => Float, { description: 'Events in the tree.' })
  size!: number;

  @Field({ description: 'Of the Merkle tree of RFC 6962, in base64.' })
  root!: string;

  @Field({ description: 'The signed note, as it is served at `/log/checkpoint`.' })
  note!: string;

  @Field(() => [String], {
    description: 'Verifier keys of the log, the newest first. Learn them from elsewhere.',
  })
  verifierKeys!: readonly string[];

  @Field(() => [String], {
    description: 'Verifier keys of the witnesses that cosigned it, none where none is asked.',
  })
  witnessKeys!: readonly string[];
}

@ObjectType({
  description:
    'Where a chain has the log that a fact stands for. Its receipt, asked of any provider, proves the fact by the chain as well: `abland audit prove <bundle> --rpc …`.',
})
export class AuditFactPlace {
  @Field(() => Float)
  chainId!: number;

  @Field(() => Float)
  blockNumber!: number;

  @Field({ description: 'Of the block that the log of events has; a reorg may have taken it back since.' })
  blockHash!: string;

  @Field()
  txHash!: string;

  @Field(() => Float, { description: 'Of the logs of the block, from 0.' })
  logIndex!: number;
}

@ObjectType({
  description: 'What proves that an event is in the log, to whoever knows the key of the log alone.',
})
export class AuditProof {
  @Field(() => Float, { description: 'Which leaf of the tree it is, from 0.' })
  index!: number;

  @Field({
    description:
      'What was hashed: the whole event in canonical JSON (RFC 8785), or, where that has more than 65,535 bytes, a line with its hash.',
  })
  entry!: string;

  @Field(() => String, { nullable: true, description: 'The event, where the entry only has its hash.' })
  envelope!: string | null;

  @Field({ description: 'A file of C2SP tlog-proof: the inclusion proof and the checkpoint.' })
  proof!: string;

  @Field({ description: 'All of it in one file, for `abland audit verify`.' })
  bundle!: string;

  @Field(() => AuditFactPlace, {
    nullable: true,
    description:
      'Where the chain can be asked for the same; null where the event stands for no log of a chain.',
  })
  fact!: AuditFactPlace | null;
}

export const auditCheckpointOf = ({
  checkpoint: note,
  origin,
  root,
  size,
  verifierKeys,
  witnessKeys,
}: ServedHead): AuditCheckpoint => ({
  ...{ origin, size, root: toBase64(root), note, witnessKeys },
  verifierKeys: verifierKeys.trim().split('\n'),
});

export const auditProofOf = (proof: EventProof): AuditProof => ({
  ...proof,
  fact: placeOfFact(parseJson(proof.envelope ?? proof.entry)),
});
