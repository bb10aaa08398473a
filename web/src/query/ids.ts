/**
 * Which records does a person's query speak of? The same query with the id of every node added under an
 * alias, so that its answer can be drawn. Not for queries that the page builds: they ask for ids.
 */
import { isInterfaceType, isObjectType, Kind, parse, print, TypeInfo, visit, visitWithTypeInfo, type FieldNode, type GraphQLNamedType, type GraphQLSchema, type SelectionSetNode } from "graphql";
import { ID } from "../model/answer";

const ASK: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: "id" }, alias: { kind: Kind.NAME, value: ID } };

/** The query with ids; the query itself where it cannot be read. */
export function withIds(schema: GraphQLSchema, text: string): string {
  const types = new TypeInfo(schema);
  const enter = (set: SelectionSetNode): SelectionSetNode | undefined => {
    const parent = types.getParentType();
    return parent && isNode(parent) ? { ...set, selections: [...set.selections, ASK] } : undefined;
  };
  try {
    return print(visit(parse(text), visitWithTypeInfo(types, { SelectionSet: { leave: enter } })));
  } catch {
    return text;
  }
}

function isNode(type: GraphQLNamedType): boolean {
  if (type.name === "Node") return true;
  return (isObjectType(type) || isInterfaceType(type)) && type.getInterfaces().some((one) => one.name === "Node");
}
