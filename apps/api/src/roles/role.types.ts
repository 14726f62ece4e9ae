import { type Permission as May, type Role as Name } from '@abland/domain';
import { Field, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { AddressScalar } from '../graphql/scalars.js';

export const Role = {
  CREATOR: 'CREATOR',
  AUDITOR: 'AUDITOR',
  OPERATOR: 'OPERATOR',
  ADMIN: 'ADMIN',
  SUPER_ADMIN: 'SUPER_ADMIN',
} as const satisfies { readonly [name in Name]: name };
registerEnumType(Role, {
  name: 'Role',
  description: 'What one may be beyond what everybody is who signed in.',
  valuesMap: {
    CREATOR: { description: 'Makes tokens and opens pools, where creators are appointed.' },
    AUDITOR: { description: 'Reads what is not public.' },
    OPERATOR: {
      description: 'Reads it, acts on the system, approves such acts, reads and erases people’s data.',
    },
    ADMIN: { description: 'Grants and revokes CREATOR, AUDITOR and OPERATOR; reads what is not public.' },
    SUPER_ADMIN: { description: 'May all of it, and says who is an admin.' },
  },
});

export const Permission = {
  CREATE: 'CREATE',
  READ_INTERNAL: 'READ_INTERNAL',
  OPERATE: 'OPERATE',
  GRANT_ROLES: 'GRANT_ROLES',
} as const satisfies { readonly [name in May]: name };
registerEnumType(Permission, { name: 'Permission', description: 'What roles are made of.' });

@InputType()
export class RoleInput {
  @Field(() => AddressScalar, { description: 'Whose role it is: of somebody who signed in.' })
  address!: string;

  @Field(() => Role)
  role!: Name;

  @Field(() => String, { description: '3 to 200 characters on one line: it stays in the log for good.' })
  reason!: string;
}

@ObjectType({ description: 'What somebody is by now.' })
export class RoleHolder {
  @Field(() => AddressScalar)
  address!: string;

  @Field(() => [Role])
  roles!: readonly Name[];
}
