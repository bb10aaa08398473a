// Uses the generated client as a frontend would; the compiler checks it.

import type { ResultOf, VariablesOf } from "@graphql-typed-document-node/core";
import * as client from "./gen/client";

const variables: VariablesOf<typeof client.CountiesOfReturneesDocument> = { city: "深圳", product: "服装" };

export function names(result: ResultOf<typeof client.CountiesOfReturneesDocument>): string[] {
  return result.countiesConnection.nodes.map((county) => county.name.toUpperCase());
}

export function firstBasis(result: ResultOf<typeof client.CountiesOfReturneesDocument>): client.ClusterBasis | undefined {
  return result.countiesConnection.nodes[0]?.clustersConnection.edges[0]?.properties.basis;
}

export const byRegion: client.ReturnRouteWhere = {
  source: { name: { eq: "深圳", lang: ["zh"] } },
  target: { clusters: { some: { name: { contains: "服" } } } },
  references: { some: { locator: { startsWith: "slide" } } },
};

export const order: client.RoutesQueryVariables = { where: byRegion, sort: [{ scope: client.SortOrder.Asc }] };

// @ts-expect-error a sort key is one of those that the type has
export const noOrder: client.CountySort = { nonsense: client.SortOrder.Asc };

// @ts-expect-error the product is required
export const missing: typeof variables = { city: "深圳" };
