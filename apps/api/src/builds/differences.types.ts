import type {
  BuildDifferences as View,
  DifferenceReport as ReportView,
  RowDifference as RowView,
  TableDifference as TableView,
} from '@abland/projections';
import { isUnexplained } from '@abland/projections';
import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { BigIntStringScalar, DateTimeScalar } from '../graphql/scalars.js';

@ObjectType({ description: 'A row that differs; rows are JSON, with numbers as text.' })
export class RowDifference {
  @Field(() => String)
  key!: string;

  @Field(() => String, { nullable: true, description: 'Null: there is none.' })
  live!: string | null;

  @Field(() => String, { nullable: true, description: 'Null: there is none.' })
  build!: string | null;

  @Field(() => [String], { description: 'Columns that both have and that differ.' })
  columns!: readonly string[];
}

@ObjectType()
export class TableDifference {
  @Field(() => String)
  table!: string;

  @Field(() => [String], { description: 'Columns, or the table itself, that only the build has.' })
  added!: readonly string[];

  @Field(() => [String], { description: 'Columns, or the table itself, that only the live one has.' })
  removed!: readonly string[];

  @Field(() => Float, { description: 'Rows that only the live one has.' })
  onlyLive!: number;

  @Field(() => Float, { description: 'Rows that only the build has.' })
  onlyBuild!: number;

  @Field(() => Float, { description: 'Rows that both have and that differ in a column that both have.' })
  changed!: number;

  @Field(() => Float, { description: 'Of all these rows those that no change of the definition explains.' })
  unexplained!: number;

  @Field(() => Boolean, {
    description:
      'Nothing differs but what was added, removed, or is said by the definition to be made otherwise.',
  })
  explained!: boolean;

  @Field(() => [RowDifference], { description: 'The first few by their keys.' })
  sample!: readonly RowDifference[];
}

@ObjectType({
  description:
    'SHA-256 over all rows of each, as `npm run abland -- projections checksum` prints it of what is live: equal where no row and no column differs.',
})
export class BuildChecksums {
  @Field(() => String)
  live!: string;

  @Field(() => String)
  build!: string;
}

@ObjectType({ description: 'What readers would see otherwise once a build is promoted.' })
export class BuildDifferences {
  @Field(() => Int)
  live!: number;

  @Field(() => Int)
  build!: number;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'At which both were compared; null: before the first event.',
  })
  position!: string | null;

  @Field(() => BuildChecksums, {
    nullable: true,
    description:
      'Null where they were not reckoned: who asks for the differences of now waits for these alone.',
  })
  checksums!: BuildChecksums | null;

  @Field(() => [TableDifference], { description: 'Those in which anything differs.' })
  tables!: readonly TableDifference[];
}

@ObjectType({
  description:
    'What was found when a build that had become READY was compared with the live one. It is kept when both are gone.',
})
export class DifferenceReport extends BuildDifferences {
  @Field(() => Boolean, {
    description: 'Whether nothing differed that no change of the definition explains.',
  })
  explained!: boolean;

  @Field(() => DateTimeScalar)
  madeAt!: string;
}

export const reportView = (report: ReportView): DifferenceReport => ({
  ...differencesView(report),
  ...{ explained: report.explained, madeAt: report.madeAt },
});

export const differencesView = ({ build, checksums, live, position, tables }: View): BuildDifferences => ({
  ...{ build, checksums, live, position },
  tables: tables.map(tableOf),
});

const tableOf = (table: TableView): TableDifference => ({
  ...table,
  explained: !isUnexplained(table),
  sample: table.sample.map(rowOf),
});

const rowOf = ({ build, columns, key, live }: RowView): RowDifference => ({
  key: JSON.stringify(key),
  live: live === null ? null : JSON.stringify(live),
  build: build === null ? null : JSON.stringify(build),
  columns,
});
