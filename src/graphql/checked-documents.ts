import {
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import { documentRules } from './document-rules.js';
import type { Limits } from './limits.js';

/** So many are remembered. A page has a dozen; whoever sends more different ones only has them parsed again. */
const MOST = 100;

export type CheckedDocuments = (query: string) => DocumentNode | readonly GraphQLError[];

/** Parses and checks a document once, however many sockets send it: they share it, and its memory, while they follow. */
export function checkedDocuments(schema: GraphQLSchema, limits: Limits): CheckedDocuments {
  const known = new Map<string, DocumentNode>();
  const rules = [...specifiedRules, ...documentRules(limits)];
  return (query) => {
    const document = known.get(query) ?? parse(query, { maxLexicalTokens: limits.tokens });
    const problems = known.has(query) ? [] : validate(schema, document, rules);
    if (problems.length > 0) return problems;
    known.delete(query); // to the end of the map: the one that was not sent for longest is forgotten first
    known.set(query, document);
    const oldest = known.keys().next().value;
    if (known.size > MOST && oldest !== undefined) known.delete(oldest);
    return document;
  };
}
