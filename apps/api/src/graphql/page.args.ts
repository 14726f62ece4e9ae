import { ArgsType, Field, Int } from '@nestjs/graphql';
import { FIRST_DEFAULT } from './connection.js';
import { CursorScalar } from './scalars.js';

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, defaultValue: FIRST_DEFAULT, description: '1 to 100.' })
  first!: number | null;

  @Field(() => CursorScalar, {
    nullable: true,
    description:
      'The cursor of the last row seen. The rows are those of the state that the first page was of; where it is gone, CURSOR_EXPIRED says to begin anew.',
  })
  after!: string | null;
}
