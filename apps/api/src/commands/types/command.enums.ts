import type { RequestKindName } from '@abland/domain';
import type { CommandStatus as Status, RelayStatus as Relaying } from '@abland/projections';
import { registerEnumType } from '@nestjs/graphql';

export const Execution = { WALLET: 'WALLET', RELAYED: 'RELAYED' } as const;
registerEnumType(Execution, {
  name: 'Execution',
  description: 'Who sends the transaction.',
  valuesMap: {
    WALLET: { description: 'The caller’s wallet signs and sends it.' },
    RELAYED: {
      description:
        'The caller signs a request (EIP-712); our sender sends it and pays its gas, and no value.',
    },
  },
});

export const CommandKind = {
  CREATE_TOKEN: 'CREATE_TOKEN',
  DEACTIVATE_TOKEN: 'DEACTIVATE_TOKEN',
  CREATE_POOL: 'CREATE_POOL',
  ADD_LIQUIDITY: 'ADD_LIQUIDITY',
  REMOVE_LIQUIDITY: 'REMOVE_LIQUIDITY',
  SWAP: 'SWAP',
} as const satisfies Record<RequestKindName, RequestKindName>;
registerEnumType(CommandKind, { name: 'CommandKind' });

export const CommandStatus = {
  ACCEPTED: 'ACCEPTED',
  SUBMITTED: 'SUBMITTED',
  CONFIRMED: 'CONFIRMED',
  FINALIZED: 'FINALIZED',
  FAILED: 'FAILED',
  EXPIRED: 'EXPIRED',
  REVERTED: 'REVERTED',
  REJECTED: 'REJECTED',
} as const satisfies Record<Status, Status>;
registerEnumType(CommandStatus, {
  name: 'CommandStatus',
  valuesMap: {
    ACCEPTED: { description: 'In the log; a transaction or a signature is awaited.' },
    SUBMITTED: { description: 'A transaction is on its way.' },
    CONFIRMED: { description: 'The chain carried it out; a reorg may still take it back.' },
    FINALIZED: { description: 'Carried out in a block that is final.' },
    FAILED: { description: 'It could not be sent.' },
    EXPIRED: {
      description:
        'Its deadline passed before the chain carried it out; the chain has the last word where it does so later.',
    },
    REVERTED: { description: 'Mined, and refused by the contract.' },
    REJECTED: { description: 'Refused by a rule or for want of a right: it never became a request.' },
  },
});

export const RelayStatus = {
  REQUESTED: 'REQUESTED',
  AUTHORIZED: 'AUTHORIZED',
  RETRYING: 'RETRYING',
  SIGNED: 'SIGNED',
} as const satisfies Record<Relaying, Relaying>;
registerEnumType(RelayStatus, {
  name: 'RelayStatus',
  description: 'How far our sender is with a RELAYED command.',
  valuesMap: {
    REQUESTED: { description: 'The caller’s signature is awaited.' },
    AUTHORIZED: { description: 'The caller signed.' },
    RETRYING: { description: 'Sending failed for a reason that may pass; it is tried again.' },
    SIGNED: { description: 'Our sender’s transaction is recorded; it is sent from now on.' },
  },
});
