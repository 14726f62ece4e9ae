import { createReadModel, type ReadModel } from '@abland/projections';
import type pg from 'pg';
import type { ApiDependencies } from './dependencies.js';

/** What handlers and resolvers work with: the dependencies and what is made of them once. */
export interface ApiServices extends ApiDependencies {
  readonly readModel: ReadModel;
}

/** @param readPool of the database that queries read, or of the one that projections write */
export const createServices = (api: ApiDependencies, readPool: pg.Pool = api.readPool): ApiServices => ({
  ...api,
  readModel: createReadModel(readPool),
});
