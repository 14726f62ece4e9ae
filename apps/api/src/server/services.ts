import { createReadModel, type ReadModel } from '@abland/projections';
import type { ApiDependencies } from './dependencies.js';

/** What handlers and resolvers work with: the dependencies and what is made of them once. */
export interface ApiServices extends ApiDependencies {
  readonly readModel: ReadModel;
}

export const createServices = (api: ApiDependencies): ApiServices => ({
  ...api,
  readModel: createReadModel(api.readPool),
});
